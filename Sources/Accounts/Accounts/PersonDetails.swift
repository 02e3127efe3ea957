public import Tokens

/// Names of a person and how to reach them; each may be unknown.
public struct PersonDetails: Sendable, Equatable {
    /// The longest value that is kept, in bytes of UTF-8; longer ones are cut at a character.
    public static let maximumLength = 255
    /// The longest avatar address that is kept; a longer one is dropped, for a cut address leads elsewhere.
    public static let maximumAddressLength = 2048

    /// The whole name as the person writes it.
    public var fullName: String?
    /// The given name.
    public var firstName: String?
    /// The family name.
    public var lastName: String?
    /// A telephone number, as given.
    public var phone: String?
    /// Where a picture of the person is.
    public var avatarURL: String?

    /// Nothing is known.
    public static let unknown = PersonDetails()

    /// Takes the values; empty ones count as unknown, long ones are cut.
    public init(
        fullName: String? = nil, firstName: String? = nil, lastName: String? = nil, phone: String? = nil,
        avatarURL: String? = nil
    ) {
        self.fullName = Self.kept(fullName)
        self.firstName = Self.kept(firstName)
        self.lastName = Self.kept(lastName)
        self.phone = Self.kept(phone)
        self.avatarURL = Self.kept(avatarURL, cutting: false)
    }

    /// These details, and where one is unknown the other's.
    public func completed(by other: PersonDetails) -> PersonDetails {
        var details = self
        details.fullName = fullName ?? other.fullName
        details.firstName = firstName ?? other.firstName
        details.lastName = lastName ?? other.lastName
        details.phone = phone ?? other.phone
        details.avatarURL = avatarURL ?? other.avatarURL
        return details
    }

    /// The details with a full name made of first and last name where only those are known.
    public var withFullName: PersonDetails {
        var details = self
        if fullName == nil {
            let parts = [firstName, lastName].compactMap { $0 }
            details.fullName = parts.isEmpty ? nil : Self.kept(parts.joined(separator: " "))
        }
        return details
    }

    /// What changed from `known` to these details; a value that is unknown here did not change.
    public func changes(since known: PersonDetails) -> PersonDetails {
        var details = PersonDetails.unknown
        if fullName != known.fullName { details.fullName = fullName }
        if firstName != known.firstName { details.firstName = firstName }
        if lastName != known.lastName { details.lastName = lastName }
        if phone != known.phone { details.phone = phone }
        if avatarURL != known.avatarURL { details.avatarURL = avatarURL }
        return details
    }

    /// A value without control characters and surrounding blanks, nil when nothing is left.
    private static func kept(_ text: String?, cutting: Bool = true) -> String? {
        guard let text else { return nil }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        var kept = Substring(String(scalars))
        while kept.first?.isWhitespace == true { kept.removeFirst() }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        if cutting {
            while kept.utf8.count > maximumLength { kept.removeLast() }
        } else if kept.utf8.count > maximumAddressLength {
            return nil
        }
        return kept.isEmpty ? nil : String(kept)
    }
}

extension PersonDetails {
    /// What a token says about the person.
    public init(_ claims: PersonClaims) {
        self.init(
            fullName: claims.name, firstName: claims.givenName, lastName: claims.familyName,
            avatarURL: claims.picture)
    }
}

public import Tokens

/// Names of a person and how to reach them; each may be unknown.
public struct PersonDetails: Sendable, Equatable {
    /// The longest full name that is kept, in characters (Unicode scalars); longer texts are cut.
    public static let maximumFullName = 200
    /// The longest first or last name that is kept.
    public static let maximumName = 100
    /// The longest telephone number that is kept.
    public static let maximumPhone = 50
    /// The longest avatar address that is kept; a longer one is dropped, for a cut address leads elsewhere, and so is
    /// one that is not of the web.
    public static let maximumAddress = 2048

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
        self.fullName = Self.kept(fullName, Self.maximumFullName)
        self.firstName = Self.kept(firstName, Self.maximumName)
        self.lastName = Self.kept(lastName, Self.maximumName)
        self.phone = Self.kept(phone, Self.maximumPhone)
        let address = Self.kept(avatarURL, Self.maximumAddress + 1)
        self.avatarURL = address.flatMap {
            $0.unicodeScalars.count <= Self.maximumAddress && Self.isWebAddress($0) ? $0 : nil
        }
    }

    /// Whether the text can be the address of a picture: web pages show it, so that nothing that runs may stand there,
    /// such as `javascript:` or `data:`.
    public static func isWebAddress(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.hasPrefix("https://") || text.hasPrefix("http://")
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
            details.fullName = parts.isEmpty ? nil : Self.kept(parts.joined(separator: " "), Self.maximumFullName)
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
    private static func kept(_ text: String?, _ limit: Int) -> String? {
        guard let text else { return nil }
        var scalars = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        scalars = scalars.prefix(limit)
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        guard !scalars.isEmpty else { return nil }
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: scalars)
        return String(kept)
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

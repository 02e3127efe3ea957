public import Base

/// What a directory wants a person to be.
public struct SCIMUserDraft: Sendable {
    /// The longest document, bytes.
    public static let longestDocument = 65_536

    /// The name that the directory knows them by.
    public let userName: String
    /// The directory's own id.
    public let externalID: String?
    /// All other attributes.
    public private(set) var document: SCIMObject
    /// Whether they may come in; nil where nothing is said.
    public private(set) var isActive: Bool?
    /// By which a login finds them: the primary e-mail, else the first one, else the user name where it is one.
    public let email: EmailAddress?
    /// What a profile shows.
    public let details: PersonDetails

    /// Reads a resource in the schema's form.
    ///
    /// - Throws: `invalidValue` naming the attribute.
    public init(_ resource: SCIMObject) throws(SCIMError) {
        guard let name = resource["userName"]?.string, !name.isEmpty else {
            throw SCIMError.bad(.invalidValue, "userName is required.")
        }
        userName = try Self.checked(name, "userName")
        externalID = try resource["externalId"]?.string.map { (text) throws(SCIMError) in
            try Self.checked(text, "externalId")
        }
        isActive = resource["active"]?.bool
        var rest = resource
        rest["userName"] = nil
        rest["externalId"] = nil
        document = rest
        guard JSONWriter.make({ rest.write(to: &$0) }).count <= Self.longestDocument else {
            throw SCIMError(413, .tooMany, "A user may have at most \(Self.longestDocument) bytes of attributes.")
        }
        let emails = resource["emails"]?.elements?.compactMap(\.object) ?? []
        let chosen = emails.first { $0["primary"] == .bool(true) } ?? emails.first { $0["value"] != nil }
        email = (chosen?["value"]?.string).flatMap { EmailAddress($0) } ?? EmailAddress(name)
        details = Self.details(resource)
    }

    /// Reads what a client sent.
    public init(body: JSON) throws(SCIMError) {
        try self.init(SCIMReader.resource(body, .user))
    }

    /// The same, where nothing is said of it with this truth of whether they may come in.
    public func assuming(isActive assumed: Bool) -> SCIMUserDraft {
        guard isActive == nil else { return self }
        var draft = self
        draft.isActive = assumed
        draft.document["active"] = .bool(assumed)
        return draft
    }

    static func checked(_ text: String, _ name: String) throws(SCIMError) -> String {
        guard (1...255).contains(text.unicodeScalars.count) else {
            throw SCIMError.bad(.invalidValue, "\(name) must have 1 to 255 characters.")
        }
        return text
    }

    private static func details(_ resource: SCIMObject) -> PersonDetails {
        func short(_ text: String?, _ most: Int) -> String? {
            guard let text, !text.isEmpty, text.unicodeScalars.count <= most else { return nil }
            return text
        }
        func first(_ name: String) -> String? {
            let values = resource[name]?.elements?.compactMap(\.object) ?? []
            return (values.first { $0["primary"] == .bool(true) } ?? values.first)?["value"]?.string
        }
        let name = resource["name"]?.object
        return PersonDetails(
            fullName: short(resource["displayName"]?.string ?? name?["formatted"]?.string, 200),
            firstName: short(name?["givenName"]?.string, 100), lastName: short(name?["familyName"]?.string, 100),
            phone: short(first("phoneNumbers"), 50), avatarURL: nil
        ).withFullName
    }
}

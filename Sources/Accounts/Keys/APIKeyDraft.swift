public import Base

/// What a new key shall be.
public struct APIKeyDraft: Sendable {
    /// What it is for, in a person's words: 1 to 200 characters.
    public var name: String
    /// The module that will call with it: 1 to 63 of `a–z 0–9 _ -`, the first no sign.
    public var module: String
    /// The org that it is bound to; a key for SCIM needs one.
    public var orgID: EntityID?
    /// From where it may be used; empty: from everywhere.
    public var networks: [CIDR]
    /// Requests a minute, 1 or more; nil: as everybody.
    public var rateLimit: Int?
    /// From when on it is refused; nil: never by itself.
    public var expiresAt: Timestamp?

    /// Describes a key to be made.
    public init(
        name: String, module: String, orgID: EntityID? = nil, networks: [CIDR] = [], rateLimit: Int? = nil,
        expiresAt: Timestamp? = nil
    ) {
        self.name = name
        self.module = module
        self.orgID = orgID
        self.networks = networks
        self.rateLimit = rateLimit
        self.expiresAt = expiresAt
    }

    /// What is wrong with it; empty when nothing is.
    func problems(at now: Timestamp) -> [Problem.Field] {
        var fields: [Problem.Field] = []
        if !(1...APIKey.maximumName).contains(name.unicodeScalars.count) || name.unicodeScalars.contains("\0") {
            fields.append(Problem.Field("name", "must have 1 to \(APIKey.maximumName) characters"))
        }
        if !Self.isModule(module) {
            fields.append(Problem.Field("module", "must be 1 to 63 of a–z, 0–9, _ and -, the first a letter or digit"))
        }
        if module == APIKey.scimModule, orgID == nil {
            fields.append(Problem.Field("org_id", "is required: a key for SCIM belongs to one organization"))
        }
        if networks.count > APIKey.maximumNetworks {
            fields.append(Problem.Field("allow_cidrs", "must be at most \(APIKey.maximumNetworks)"))
        }
        if let rateLimit, !(1...Int(Int32.max)).contains(rateLimit) {
            fields.append(Problem.Field("rate_limit", "must be 1 or more requests a minute"))
        }
        if let expiresAt, expiresAt <= now {
            fields.append(Problem.Field("expires_at", "must lie in the future"))
        }
        return fields
    }

    /// Whether the text can name a module.
    public static func isModule(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let isLetterOrDigit = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return isLetterOrDigit(first)
            && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}

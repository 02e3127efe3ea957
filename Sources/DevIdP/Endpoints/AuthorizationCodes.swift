internal import Base

/// Codes handed out by the login page and not yet exchanged; each works once, for a minute.
struct AuthorizationCodes {
    /// What a code stands for.
    struct Grant {
        let person: Person
        let clientID: String
        let redirectURI: String
        let scopes: [String]
        let nonce: String?
        /// The PKCE challenge (RFC 7636, S256 only).
        let challenge: String
        let expires: Timestamp
    }

    /// Beyond so many the memory begins anew.
    static let limit = 1000
    /// Seconds that a code lives.
    static let lifetime: Int64 = 60

    private var grants: [String: Grant] = [:]

    /// A new code.
    mutating func issue(_ grant: Grant) -> String {
        if grants.count >= Self.limit { grants = [:] }
        let code = Base64URL.encode(Randomness.system.bytes(24))
        grants[code] = grant
        return code
    }

    /// What the code stood for; it works no more, whatever follows.
    mutating func redeem(_ code: String, now: Timestamp) -> Grant? {
        guard let grant = grants.removeValue(forKey: code), now < grant.expires else { return nil }
        return grant
    }
}

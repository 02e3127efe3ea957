public import Base

/// What a change notice of the database says.
public enum ChangeNotice: Sendable, Equatable {
    /// Something that principals depend on.
    case account(AccountChange)
    /// The configuration of an identity provider.
    case provider(String)
    /// An API key; its public id.
    case apiKey(String)
    /// A revocation was made or moved.
    case revocation(EntityID)
    /// Nothing changed; an instance, this one or another, wants to hear itself.
    case echo(EntityID)

    /// Reads a notice's payload, `topic key`. One that is not understood counts as a change of everything: a newer
    /// instance may have written it.
    public init(payload: String) {
        let parts = payload.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(topic: String(parts[0]), key: parts.count > 1 ? String(parts[1]) : "")
    }

    /// Reads a notice from its parts.
    public init(topic: String, key: String) {
        self = Self.known(topic, key) ?? .account(.everything)
    }

    private static func known(_ topic: String, _ key: String) -> ChangeNotice? {
        switch topic {
        case "user": return EntityID(key).map { .account(.user($0)) }
        case "org": return EntityID(key).map { .account(.org($0)) }
        case "role": return key == "-" ? .account(.role(org: nil)) : EntityID(key).map { .account(.role(org: $0)) }
        case "email": return .account(.email(key))
        case "domain": return .account(.domain(key))
        case "newcomers": return .account(.newcomers)
        case "identity":
            let parts = key.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return .account(.identity(issuer: String(parts[0]), subject: String(parts[1])))
        case "idp": return .provider(key)
        case "api_key": return .apiKey(key)
        case "echo": return EntityID(key).map { .echo($0) }
        case "session": return EntityID(key).map { .revocation($0) }
        default: return nil
        }
    }
}

/// An issuer with its keys, as one snapshot.
public final class TrustedIssuer: Sendable {
    /// What is expected of its tokens.
    public let policy: IssuerPolicy
    /// Its keys; nil as long as they were never fetched, or when they became too old.
    public let keys: KeySet?

    /// Puts an issuer and its keys together.
    public init(policy: IssuerPolicy, keys: KeySet?) {
        self.policy = policy
        self.keys = keys
    }
}

internal import Base
public import Tokens

/// What a browser keeps from the beginning of a sign-in to its end, in a cookie of its own: `provider.state.verifier`.
public struct SignInTicket: Sendable, Equatable {
    /// Where the sign-in happens.
    public let provider: ProviderName
    /// What the provider must send back, so that nobody else's sign-in ends in this browser (RFC 6749 §10.12).
    public let state: String
    /// Of the code exchange.
    public let proofKey: ProofKey

    init(provider: ProviderName, randomness: Randomness) {
        self.provider = provider
        state = Base64URL.encode(randomness.bytes(16))
        proofKey = ProofKey(randomness)
    }

    /// Reads the cookie's value; nil when it is none of ours.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let provider = ProviderName(rawValue: parts[0]), parts[1].utf8.count == 22,
            let proofKey = ProofKey(verifier: parts[2])
        else { return nil }
        (self.provider, state, self.proofKey) = (provider, parts[1], proofKey)
    }

    /// The cookie's value.
    public var text: String { "\(provider.rawValue).\(state).\(proofKey.verifier)" }
}

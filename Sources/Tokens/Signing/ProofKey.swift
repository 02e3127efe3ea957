public import Base
internal import COpenSSL

/// Proof Key for Code Exchange (RFC 7636): only who began a login can exchange the code that it ends with.
public struct ProofKey: Sendable, Equatable {
    /// The secret that stays with who began.
    public let verifier: String

    /// A new one: 43 characters, the base64url of 32 random bytes (§4.1).
    public init(_ randomness: Randomness = .system) {
        verifier = Base64URL.encode(randomness.bytes(32))
    }

    /// One that was made before; nil when it is none of ours.
    public init?(verifier: String) {
        guard verifier.utf8.count == 43, Base64URL.decode(verifier) != nil else { return nil }
        self.verifier = verifier
    }

    /// What the login begins with, by the method `S256` (§4.2).
    public var challenge: String {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(verifier.utf8)
        unsafe SHA256(bytes, bytes.count, &digest)
        return Base64URL.encode(digest)
    }
}

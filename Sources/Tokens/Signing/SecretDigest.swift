public import Base

/// SHA-256 of secrets that are stored as a digest only. One a loop: the hash function is fetched once.
public final class SecretDigest {
    private let hashing = Hashing()

    /// Makes the hash function ready.
    public init() {}

    /// The 32 bytes of the secret's digest.
    public func digest(_ secret: Secret) -> [UInt8] {
        secret.withBytes { bytes in
            var made: [UInt8] = []
            _ = unsafe hashing.withHash(.sha256, of: bytes) { hash in
                unsafe made = Array(hash)
                return true
            }
            return made
        }
    }
}

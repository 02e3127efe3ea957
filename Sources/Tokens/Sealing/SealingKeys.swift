public import Base

/// The keys that seal secrets for the database: AES-256-GCM (NIST SP 800-38D) under the newest, opened with any.
///
/// A sealed secret is the text `v1.<key>.<nonce, ciphertext and tag in base64url>`, `<key>` being the first eight
/// hexadecimal digits of the key's SHA-256. What it is for is bound to it, so that one can't be put in another's place.
public struct SealingKeys: Sendable {
    private struct Key: Sendable {
        let name: String
        let bytes: Secret
    }

    private let keys: [Key]
    private let randomness: Randomness

    /// How long a key is, in bytes.
    public static let keyLength = 32

    /// No keys, or some, the newest first.
    ///
    /// - Parameter keys: 32 bytes each in base64, as `VESTIBULE_ENCRYPTION_KEY` has them; others are left out.
    public init(base64 keys: [Secret], randomness: Randomness = .system) {
        self.randomness = randomness
        self.keys = keys.compactMap { text in
            guard let bytes = Base64.decode(text.exposed), bytes.count == Self.keyLength else { return nil }
            return Key(name: AEAD.name(of: bytes), bytes: Secret(bytes))
        }
    }

    /// Whether there is a key to seal with.
    public var canSeal: Bool { !keys.isEmpty }

    /// Seals a secret with the newest key; nil without a key.
    ///
    /// - Parameter purpose: what the secret is for; needed again to open it.
    public func seal(_ secret: Secret, for purpose: String) -> String? {
        guard let key = keys.first else { return nil }
        let nonce = randomness.bytes(AEAD.nonceLength)
        guard let sealed = AEAD.seal(secret, key: key.bytes, nonce: nonce, bound: Self.bound(purpose, key.name)) else {
            return nil
        }
        return "v1.\(key.name).\(Base64URL.encode(nonce + sealed))"
    }

    /// The secret; nil when no key is the one it was sealed with, when it is for something else, or was tampered with.
    public func open(_ sealed: String, for purpose: String) -> Secret? {
        guard let (name, bytes) = Self.parts(sealed), bytes.count >= AEAD.nonceLength + AEAD.tagLength else {
            return nil
        }
        for key in keys where key.name == name {
            let nonce = Array(bytes[..<AEAD.nonceLength])
            let rest = Array(bytes[AEAD.nonceLength...])
            if let secret = AEAD.open(rest, key: key.bytes, nonce: nonce, bound: Self.bound(purpose, name)) {
                return secret
            }
        }
        return nil
    }

    /// Whether the newest key sealed it, so that nothing is left to do in a rotation.
    public func isCurrent(_ sealed: String) -> Bool {
        Self.parts(sealed)?.name == keys.first?.name
    }

    private static func parts(_ sealed: String) -> (name: String, bytes: [UInt8])? {
        let parts = sealed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let bytes = Base64URL.decode(String(parts[2])) else { return nil }
        return (String(parts[1]), bytes)
    }

    private static func bound(_ purpose: String, _ key: String) -> [UInt8] {
        Array("vestibule v1 \(key) \(purpose)".utf8)
    }
}

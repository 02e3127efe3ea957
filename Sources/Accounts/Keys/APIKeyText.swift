public import Base

/// A key as a program presents it: `vst_<id>_<secret>`.
public struct APIKeyText: Sendable {
    /// The longest text that is looked at, in bytes.
    public static let maximumLength = 200

    /// The public part: 8 to 32 of `a–z 0–9`.
    public let keyID: String
    /// The whole text; its digest is what is stored.
    public let secret: Secret

    private init(keyID: String, secret: Secret) {
        self.keyID = keyID
        self.secret = secret
    }

    /// Reads a key; nil for what can't be one.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "vst", !parts[2].isEmpty, Self.isKeyID(parts[1]) else { return nil }
        self.init(keyID: String(parts[1]), secret: Secret(text))
    }

    /// A new key, with 256 bits that nobody can guess.
    public static func make(_ randomness: Randomness) -> APIKeyText {
        let keyID = Hex.encode(randomness.bytes(8))
        return APIKeyText(keyID: keyID, secret: Secret("vst_\(keyID)_\(Hex.encode(randomness.bytes(32)))"))
    }

    /// Whether the text can be the public part of a key.
    public static func isKeyID(_ text: some StringProtocol) -> Bool {
        (8...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}

public import Base
internal import Tokens

/// The three headers of a delivery by Svix, or by anybody who follows Standard Webhooks.
public struct SvixHeaders: Sendable {
    /// The delivery's id; the same when it is sent again.
    public let id: String
    /// When it was sent: seconds since the epoch, in digits.
    public let timestamp: String
    /// Signatures `v1,<base64>`, separated by spaces.
    public let signatures: String

    /// Takes the headers' values.
    public init(id: String, timestamp: String, signatures: String) {
        self.id = id
        self.timestamp = timestamp
        self.signatures = signatures
    }
}

/// Verifies signatures of Standard Webhooks, version 1: HMAC-SHA256 over `id.timestamp.body`.
public struct SvixSignature: Sendable {
    /// A sender's clock may differ by so many seconds, and a delivery may be under way for so long.
    public static let tolerance: Int64 = 300
    /// More signatures than this are not looked at: a rotation has two.
    static let mostSignatures = 32

    private let keys: [Secret]

    /// - Parameter keys: the keys that are in use; see ``key(_:)``.
    public init(keys: [Secret]) {
        self.keys = keys
    }

    /// What a secret must be, in words.
    public static let keyForm = "must be whsec_ and 16 to 128 bytes in base64"

    /// The key in a secret `whsec_<base64>`: 16 to 128 bytes; nil for anything else.
    public static func key(_ secret: Secret) -> Secret? {
        var text = secret.exposed[...]
        let prefix = Array("whsec_".utf8)
        if text.starts(with: prefix) { text = text.dropFirst(prefix.count) }
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        guard let key = Base64.decode(text), (16...128).contains(key.count) else { return nil }
        return Secret(key)
    }

    /// - Throws: 401 `webhook_signature_invalid`.
    public func verify(_ headers: SvixHeaders, _ body: [UInt8], now: Timestamp) throws(Problem) {
        guard (1...WebhookEvent.longestName).contains(headers.id.unicodeScalars.count) else {
            throw Self.refusal("The webhook's id is not well formed.")
        }
        // Plain digits: other spellings of the same number would be other signed texts.
        guard (1...12).contains(headers.timestamp.utf8.count),
            headers.timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let sent = Int64(headers.timestamp)
        else { throw Self.refusal("The webhook's timestamp is not a number of seconds.") }
        guard abs(now.seconds - sent) <= Self.tolerance else {
            throw Self.refusal("The webhook was sent more than \(Self.tolerance) seconds from now.")
        }
        let message = Array("\(headers.id).\(headers.timestamp).".utf8) + body
        let given = headers.signatures.split(separator: " ").prefix(Self.mostSignatures)
            .filter { $0.hasPrefix("v1,") }.map { Array($0.utf8.dropFirst(3)) }
        var isGood = false
        for key in keys {
            guard let code = MessageCodes.hmacSHA256(message, key: key) else { continue }
            let expected = Array(Base64.encode(code).utf8)
            // All are compared, so that the time taken does not tell which one fits.
            for signature in given where ConstantTime.equal(expected, signature) { isGood = true }
        }
        guard isGood else { throw Self.refusal("The webhook's signature does not fit.") }
    }

    static func refusal(_ message: String) -> Problem { Problem(.webhookSignatureInvalid, message) }
}

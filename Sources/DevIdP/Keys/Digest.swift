internal import COpenSSL

/// SHA-256, for key ids, PKCE and the made-up ids of people.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = unsafe SHA256(bytes, bytes.count, &digest)
        return digest
    }

    static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }
}

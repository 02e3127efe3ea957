internal import COpenSSL

/// The SHA-256 digest of bytes that come piece by piece.
@safe public final class StreamDigest {
    private let context: OpaquePointer

    /// A digest of nothing yet; nil where OpenSSL has no memory or no SHA-256.
    public init?() {
        guard let made = unsafe EVP_MD_CTX_new() else { return nil }
        unsafe context = unsafe made
        guard unsafe EVP_DigestInit_ex2(context, EVP_sha256(), nil) == 1 else { return nil }
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Takes the next bytes.
    public func add(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { _ = unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    /// The 32 bytes; nothing can be added afterwards.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }
}

internal import COpenSSL

/// Tells tokens apart by 16 bytes: the GHASH (NIST SP 800-38D section 6.4) of all their bytes, under a key that nobody sees.
///
/// No code is ever shown, so that the hash is enough and nothing need be encrypted: who does not know the key makes two
/// texts with one code by chance alone, with 2^-118 for each try. For one thread at a time.
@safe final class TokenDigest {
    /// What is kept of a token's text.
    struct Code: Equatable {
        let first: UInt64
        let second: UInt64
    }

    private static let keySize = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)
    private let key: UnsafeMutableRawPointer
    private let context: OpaquePointer

    init() {
        unsafe key = .allocate(byteCount: Self.keySize, alignment: 16)
        guard unsafe RAND_bytes(key.assumingMemoryBound(to: UInt8.self), Int32(Self.keySize)) == 1 else {
            preconditionFailure("OpenSSL has no random bytes")
        }
        // GCM asks its cipher for the hash's key, and for a block that it adds to every hash. Both are this key: what is
        // added to all of them changes nothing about which are equal.
        let context = unsafe CRYPTO_gcm128_new(key) { _, block, key in
            guard let block = unsafe block, let key = unsafe key else { return }
            unsafe UnsafeMutableRawPointer(block).copyMemory(from: key, byteCount: 16)
        }
        guard let context = unsafe context else { preconditionFailure("out of memory") }
        unsafe self.context = context
    }

    deinit {
        unsafe CRYPTO_gcm128_release(context)
        unsafe OPENSSL_cleanse(key, Self.keySize)
        unsafe key.deallocate()
    }

    /// The code of the bytes; nil when the library refuses, which it does beyond 2^61 bytes.
    func code(of bytes: Span<UInt8>) -> Code? {
        var code = (UInt64(0), UInt64(0))
        unsafe CRYPTO_gcm128_setiv(context, Self.nonce, Self.nonce.count)
        let isMade = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe CRYPTO_gcm128_aad(context, bytes.baseAddress, bytes.count) == 0
        }
        guard isMade else { return nil }
        unsafe withUnsafeMutableBytes(of: &code) { code in
            unsafe CRYPTO_gcm128_tag(context, code.baseAddress, code.count)
        }
        return Code(first: code.0, second: code.1)
    }
}

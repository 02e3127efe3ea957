internal import COpenSSL

/// Tells tokens apart by 16 bytes: the GMAC (NIST SP 800-38D) of all their bytes, under a key of its own that nobody sees.
///
/// No code is ever shown, so that one nonce is enough: who does not know the key makes two texts with one code by chance
/// alone, with 2^-118 for each try. For one thread at a time.
@safe final class TokenDigest {
    /// What is kept of a token's text.
    struct Code: Equatable {
        let first: UInt64
        let second: UInt64
    }

    private static let nonce = [UInt8](repeating: 0, count: 12)
    private let context: OpaquePointer

    init() {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { preconditionFailure("out of memory") }
        unsafe self.context = context
        var key = [UInt8](repeating: 0, count: 16)
        defer { unsafe OPENSSL_cleanse(&key, key.count) }
        guard unsafe RAND_bytes(&key, Int32(key.count)) == 1,
            unsafe EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, key, Self.nonce) == 1
        else { preconditionFailure("OpenSSL has no AES-128-GCM") }
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    /// The code of the bytes; nil when the library refuses, which it has no reason to.
    func code(of bytes: Span<UInt8>) -> Code? {
        var length: Int32 = 0
        var code = (UInt64(0), UInt64(0))
        let isMade = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe EVP_EncryptInit_ex(context, nil, nil, nil, Self.nonce) == 1
                && EVP_EncryptUpdate(context, nil, &length, bytes.baseAddress, Int32(bytes.count)) == 1
        }
        guard isMade else { return nil }
        let isEnded = unsafe withUnsafeMutableBytes(of: &code) { code in
            // Nothing is encrypted, so that nothing is written but the code.
            unsafe EVP_EncryptFinal_ex(context, code.baseAddress, &length) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, code.baseAddress) == 1
        }
        return isEnded ? Code(first: code.0, second: code.1) : nil
    }
}

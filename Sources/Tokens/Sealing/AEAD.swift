internal import Base
internal import COpenSSL

/// AES-256-GCM in one call each way; the tag stands behind the ciphertext.
enum AEAD {
    static let nonceLength = 12
    static let tagLength = 16

    /// A short name for a key, that tells nothing about it: the first eight hexadecimal digits of its SHA-256.
    static func name(of key: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe SHA256(key, key.count, &digest)
        return Hex.encode(digest.prefix(4))
    }

    /// The ciphertext and its tag; nil only when the library fails.
    static func seal(_ secret: Secret, key: Secret, nonce: [UInt8], bound: [UInt8]) -> [UInt8]? {
        run(secret.exposed, key, nonce, bound, tag: nil)
    }

    /// The secret; nil when anything was changed.
    static func open(_ sealed: [UInt8], key: Secret, nonce: [UInt8], bound: [UInt8]) -> Secret? {
        guard sealed.count >= tagLength else { return nil }
        let text = Array(sealed.dropLast(tagLength))
        guard var plain = run(text, key, nonce, bound, tag: Array(sealed.suffix(tagLength))) else { return nil }
        let secret = Secret(plain)
        unsafe plain.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
        return secret
    }

    private static func run(
        _ input: [UInt8], _ key: Secret, _ nonce: [UInt8], _ bound: [UInt8], tag: [UInt8]?
    ) -> [UInt8]? {
        guard nonce.count == nonceLength, let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        defer {
            unsafe EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        var keyBytes = key.exposed
        defer { unsafe keyBytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        let encrypts: Int32 = tag == nil ? 1 : 0
        guard unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, keyBytes, nonce, encrypts) == 1 else {
            return nil
        }
        var length: Int32 = 0
        guard unsafe EVP_CipherUpdate(context, nil, &length, bound, Int32(bound.count)) == 1 else { return nil }
        var output = [UInt8](repeating: 0, count: input.count + tagLength)
        guard unsafe EVP_CipherUpdate(context, &output, &length, input, Int32(input.count)) == 1 else { return nil }
        var count = Int(length)
        if var tag {
            let set = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagLength), &tag)
            guard set == 1 else { return nil }
        }
        var last = [UInt8](repeating: 0, count: tagLength)
        guard unsafe EVP_CipherFinal_ex(context, &last, &length) == 1 else { return nil }
        count += Int(length)
        output.removeLast(output.count - count)
        guard tag == nil else { return output }
        var made = [UInt8](repeating: 0, count: tagLength)
        guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), &made) == 1 else {
            return nil
        }
        return output + made
    }
}

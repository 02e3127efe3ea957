internal import Base
internal import COpenSSL

/// An OpenSSL key, owned.
@safe final class PrivateKey {
    private let key: OpaquePointer

    private init(taking key: OpaquePointer) {
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// Makes a key.
    static func make(_ kind: SigningKey.Kind) throws(DevIdPError) -> PrivateKey {
        let type = kind == .rs256 ? EVP_PKEY_RSA : EVP_PKEY_EC
        let context = unsafe EVP_PKEY_CTX_new_id(type, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe (kind == .rs256
                ? EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) : EVP_PKEY_CTX_set_group_name(context, "prime256v1"))
                == 1,
            unsafe EVP_PKEY_generate(context, &made) == 1, let made = unsafe made
        else { throw failure("OpenSSL makes no \(kind.rawValue) key") }
        return unsafe PrivateKey(taking: made)
    }

    /// Reads a key from PEM.
    convenience init(pem: [UInt8]) throws(DevIdPError) {
        let read = unsafe pem.withUnsafeBytes { bytes -> OpaquePointer? in
            let source = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
            defer { unsafe BIO_free(source) }
            return unsafe PEM_read_bio_PrivateKey(source, nil, nil, nil)
        }
        guard let read = unsafe read else { throw Self.failure("a key in the file of keys can't be read") }
        unsafe self.init(taking: read)
    }

    /// The private key as PKCS #8 PEM.
    func privatePEM() throws(DevIdPError) -> [UInt8] {
        try unsafe Self.written { sink in unsafe PEM_write_bio_PKCS8PrivateKey(sink, key, nil, nil, 0, nil, nil) }
    }

    /// The public key as PEM.
    func publicPEM() throws(DevIdPError) -> [UInt8] {
        try unsafe Self.written { sink in unsafe PEM_write_bio_PUBKEY(sink, key) }
    }

    /// A number of the key in base64url, padded with zeros to the width where one is given (RFC 7518 section 6.2.1.2).
    func number(_ name: String, width: Int32?) throws(DevIdPError) -> String {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else {
            throw Self.failure("a key has no \(name)")
        }
        defer { unsafe BN_free(number) }
        let width = unsafe width ?? (BN_num_bits(number) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: Int(width))
        guard unsafe BN_bn2binpad(number, &bytes, width) == width else { throw Self.failure("\(name) is too large") }
        return Base64URL.encode(bytes)
    }

    private static func written(_ write: (OpaquePointer?) -> Int32) throws(DevIdPError) -> [UInt8] {
        let sink = unsafe BIO_new(BIO_s_mem())
        defer { unsafe BIO_free(sink) }
        guard unsafe write(sink) == 1 else { throw failure("OpenSSL can't write a key") }
        var bytes = [UInt8](repeating: 0, count: unsafe Int(BIO_ctrl_pending(sink)))
        let count = unsafe BIO_read(sink, &bytes, Int32(bytes.count))
        guard count == Int32(bytes.count) else { throw failure("OpenSSL can't write a key") }
        return bytes
    }

    private static func failure(_ what: String) -> DevIdPError {
        ERR_clear_error()
        return DevIdPError(what)
    }
}

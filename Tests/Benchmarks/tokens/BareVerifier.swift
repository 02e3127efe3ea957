import COpenSSL

/// The library's own verification of a hash that is made already: what no verifier can be faster than.
@safe final class BareVerifier {
    private let context: OpaquePointer
    private let signature: [UInt8]
    private let hash = [UInt8](repeating: 7, count: 32)

    /// A key of the size that tokens have; which one makes no difference to the time.
    init() {
        guard let key = unsafe makeRSAKey(2048), let signer = unsafe EVP_PKEY_CTX_new(key, nil),
            let verifier = unsafe EVP_PKEY_CTX_new(key, nil)
        else { fatalError("no key") }
        var length = 256
        var made = [UInt8](repeating: 0, count: 256)
        unsafe EVP_PKEY_sign_init(signer)
        unsafe EVP_PKEY_CTX_set_rsa_padding(signer, RSA_PKCS1_PADDING)
        unsafe EVP_PKEY_CTX_set_signature_md(signer, EVP_sha256())
        guard unsafe EVP_PKEY_sign(signer, &made, &length, hash, 32) == 1 else { fatalError("no signature") }
        unsafe EVP_PKEY_verify_init(verifier)
        unsafe EVP_PKEY_CTX_set_rsa_padding(verifier, RSA_PKCS1_PADDING)
        unsafe EVP_PKEY_CTX_set_signature_md(verifier, EVP_sha256())
        unsafe context = verifier
        signature = made
    }

    func verify() -> Bool {
        unsafe EVP_PKEY_verify(context, signature, signature.count, hash, 32) == 1
    }
}

/// `EVP_PKEY_Q_keygen` is variadic, which Swift can't call.
private func makeRSAKey(_ bits: Int32) -> OpaquePointer? {
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1,
        unsafe EVP_PKEY_keygen(context, &key) == 1
    else { return nil }
    return unsafe key
}

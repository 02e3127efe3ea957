internal import COpenSSL

/// Owns an `EVP_PKEY_CTX` that is ready to verify with one key and one algorithm. For one thread at a time.
@safe final class KeyContext {
    private let pointer: OpaquePointer
    /// Keeps the key alive; the context only borrows what it points to.
    private let key: VerificationKey

    /// Nil when the library refuses the combination.
    init?(key: VerificationKey, algorithm: Algorithm, digest: OpaquePointer) {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.handle.pointer, nil) else { return nil }
        guard unsafe KeyContext.prepare(context, algorithm, digest) else {
            unsafe EVP_PKEY_CTX_free(context)
            return nil
        }
        unsafe pointer = context
        self.key = key
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(pointer)
    }

    private static func prepare(_ context: OpaquePointer, _ algorithm: Algorithm, _ digest: OpaquePointer) -> Bool {
        guard unsafe EVP_PKEY_verify_init(context) == 1, unsafe EVP_PKEY_CTX_set_signature_md(context, digest) == 1
        else { return false }
        guard case .rsa = algorithm.family else { return true }
        guard algorithm.isPSS else { return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 }
        // RFC 7518 §3.5: MGF1 with the same hash, and as much salt as the hash is long; no other length passes.
        return unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
    }

    /// Whether it is a signature of the hash. Only 1 is a yes: the library answers 0 and negative numbers for a no.
    func verify(_ signature: [UInt8], of hash: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe EVP_PKEY_verify(pointer, signature, signature.count, hash.baseAddress, hash.count) == 1
    }
}

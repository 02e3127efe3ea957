internal import COpenSSL

/// Verifies signatures, with the library's contexts kept from call to call. One for each loop: it is not thread-safe.
@safe final class SignatureVerifier {
    /// How many contexts are kept; the oldest goes first. Far more than the keys that sign at any time.
    static let largestContextCount = 256

    private struct ContextKey: Hashable {
        let serial: UInt64
        let algorithm: Algorithm
    }

    private let hashing = Hashing()
    private let edContext: OpaquePointer
    private var contexts: [ContextKey: KeyContext] = [:]
    /// Most tokens in a row are of one issuer and so of one key.
    private var last: (name: ContextKey, context: KeyContext)?
    private var order: [ContextKey] = []

    init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        unsafe edContext = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(edContext)
    }

    /// How many contexts are kept at the moment.
    var contextCount: Int { contexts.count }

    /// Whether it is the key's signature of the message under this algorithm.
    ///
    /// Whoever calls has chosen the algorithm by the key; a key that it does not fit verifies nothing.
    func verify(
        _ signature: [UInt8], of message: Span<UInt8>, key: VerificationKey, algorithm: Algorithm
    ) -> Bool {
        guard key.fits(algorithm), signature.count == key.material.signatureLength else { return false }
        let holds = check(signature, message, key, algorithm)
        // A failure leaves its story in the thread's queue, where the next user of the library would find it.
        if !holds { ERR_clear_error() }
        return holds
    }

    private func check(
        _ signature: [UInt8], _ message: Span<UInt8>, _ key: VerificationKey, _ algorithm: Algorithm
    ) -> Bool {
        guard let digest = algorithm.digest else { return checkEd25519(signature, message, key) }
        guard let context = context(key, algorithm, digest) else { return false }
        guard case .ellipticCurve(let curve) = algorithm.family else {
            return unsafe hashing.withHash(digest, of: message) { unsafe context.verify(signature, of: $0) }
        }
        guard let der = ECDSASignature.der(signature, on: curve) else { return false }
        return unsafe hashing.withHash(digest, of: message) { unsafe context.verify(der, of: $0) }
    }

    /// RFC 8032 §5.1.7; OpenSSL refuses an S that is not below the order.
    private func checkEd25519(_ signature: [UInt8], _ message: Span<UInt8>, _ key: VerificationKey) -> Bool {
        unsafe EVP_MD_CTX_reset(edContext)
        guard unsafe EVP_DigestVerifyInit_ex(edContext, nil, nil, nil, nil, key.handle.pointer, nil) == 1
        else { return false }
        return unsafe message.withUnsafeBufferPointer {
            unsafe EVP_DigestVerify(edContext, signature, signature.count, $0.baseAddress, $0.count) == 1
        }
    }

    private func context(_ key: VerificationKey, _ algorithm: Algorithm, _ digest: Digest) -> KeyContext? {
        let name = ContextKey(serial: key.serial, algorithm: algorithm)
        if let last, last.name == name { return last.context }
        if let kept = contexts[name] {
            last = (name, kept)
            return kept
        }
        guard let made = unsafe KeyContext(key: key, algorithm: algorithm, digest: hashing.function(digest))
        else { return nil }
        if order.count >= SignatureVerifier.largestContextCount { contexts[order.removeFirst()] = nil }
        contexts[name] = made
        order.append(name)
        last = (name, made)
        return made
    }
}

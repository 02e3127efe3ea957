internal import COpenSSL

/// The hash functions, fetched once: looking one up by name costs more than hashing a token. For one thread at a time.
@safe final class Hashing {
    private let functions: [OpaquePointer]
    private let context: OpaquePointer

    init() {
        unsafe functions = Digest.allCases.map { digest in
            guard let function = unsafe EVP_MD_fetch(nil, "\(digest.name)", nil) else {
                preconditionFailure("OpenSSL has no \(digest.name)")
            }
            return unsafe function
        }
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe functions.forEach { unsafe EVP_MD_free($0) }
    }

    /// The library's own name of the function.
    func function(_ digest: Digest) -> OpaquePointer { unsafe functions[Int(digest.rawValue)] }

    /// Hands the hash of the bytes to the closure; false when it can't be made.
    func withHash(_ digest: Digest, of bytes: Span<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            var length: UInt32 = 0
            guard let start = buffer.baseAddress,
                unsafe EVP_DigestInit_ex2(context, function(digest), nil) == 1,
                unsafe bytes.withUnsafeBufferPointer({ unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) })
                    == 1,
                unsafe EVP_DigestFinal_ex(context, start, &length) == 1, length == UInt32(digest.length)
            else { return false }
            return unsafe body(UnsafeBufferPointer(start: start, count: digest.length))
        }
    }
}

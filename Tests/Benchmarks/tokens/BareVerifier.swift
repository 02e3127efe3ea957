import COpenSSL
import Tokens

/// The library's own verification of one signature, with a context that is ready: what no verifier can be faster than.
@safe final class BareVerifier {
    /// What is verified.
    @safe enum Kind {
        case rsa(OpaquePointer), ellipticCurve(OpaquePointer), ed25519(OpaquePointer)
    }

    private let kind: Kind
    private let signature: [UInt8]
    private let signed: [UInt8]

    /// - Parameters:
    ///   - pem: the public key.
    ///   - token: a token that it signed, with SHA-256 or Ed25519.
    init(pem: String, token: [UInt8]) {
        let parts = token.split(separator: 0x2E)
        let message = Array(parts[0] + [0x2E] + parts[1])
        let plain = decode(parts[2])
        let text = Array(pem.utf8)
        let source = unsafe BIO_new_mem_buf(text, Int32(text.count))
        defer { unsafe BIO_free(source) }
        guard let key = unsafe PEM_read_bio_PUBKEY(source, nil, nil, nil) else { fatalError("no key") }
        if unsafe EVP_PKEY_is_a(key, "ED25519") == 1 {
            unsafe kind = .ed25519(key)
            signature = plain
            signed = message
            return
        }
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil), unsafe EVP_PKEY_verify_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1
        else { fatalError("no context") }
        var hash = [UInt8](repeating: 0, count: 32)
        unsafe SHA256(message, message.count, &hash)
        signed = hash
        if unsafe EVP_PKEY_is_a(key, "RSA") == 1 {
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING)
            unsafe kind = .rsa(context)
            signature = plain
        } else {
            unsafe kind = .ellipticCurve(context)
            signature = der(plain)
        }
    }

    func verify() -> Bool {
        switch kind {
        case .rsa(let context), .ellipticCurve(let context):
            return unsafe EVP_PKEY_verify(context, signature, signature.count, signed, signed.count) == 1
        case .ed25519(let key):
            // Here the library hashes itself, and a context serves one message.
            guard let context = unsafe EVP_MD_CTX_new() else { return false }
            defer { unsafe EVP_MD_CTX_free(context) }
            return unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
                && EVP_DigestVerify(context, signature, signature.count, signed, signed.count) == 1
        }
    }
}

private func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let plain = text.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }
    let padding = (4 - plain.count % 4) % 4
    let padded = plain + [UInt8](repeating: 0x3D, count: padding)
    var bytes = [UInt8](repeating: 0, count: padded.count)
    let count = unsafe EVP_DecodeBlock(&bytes, padded, Int32(padded.count))
    return Array(bytes[..<(Int(count) - padding)])
}

private func der(_ plain: [UInt8]) -> [UInt8] {
    let half = plain.count / 2
    let pair = unsafe ECDSA_SIG_new()
    defer { unsafe ECDSA_SIG_free(pair) }
    let s = Array(plain[half...])
    unsafe ECDSA_SIG_set0(pair, BN_bin2bn(plain, Int32(half), nil), BN_bin2bn(s, Int32(half), nil))
    var bytes = [UInt8](repeating: 0, count: 160)
    let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        var end = buffer.baseAddress
        return unsafe i2d_ECDSA_SIG(pair, &end)
    }
    return Array(bytes[..<Int(count)])
}

import AllocationCounter
import Base
import COpenSSL
import Tokens

/// What remembered tokens cost, as the C library's allocator counts it.
enum Memory {
    private static let count = 100_000
    private static let issuer = "https://acme.okta.com/oauth2/default"

    /// Kilobytes for each of 100,000 remembered tokens of the usual size, all different.
    ///
    /// Signed with P-256, because signing so many with RSA takes minutes; the claims are as much longer as an RSA
    /// signature would be.
    static func ofCachedToken() -> Double {
        guard let signer = try? SigningKey(pem: Secret(makeKey())),
            let keys = try? KeySet(parsing: Array("{\"keys\":[".utf8) + signer.publicJWK + Array("]}".utf8))
        else { fatalError("no key") }
        let policy = IssuerPolicy(provider: .okta, issuer: issuer, audiences: ["api://default"], clientID: "0oaclient")
        let trust = TrustStore(version: 1, generation: 1, issuers: [TrustedIssuer(policy: policy, keys: keys)])
        let verifier = TokenVerifier()
        let cache = TokenCache(entries: 2 * count, bytes: 1 << 30)
        let before = heap_in_use()
        for number in 0..<count {
            guard let text = signer.token(claims: claims(number)) else { fatalError("no signature") }
            let token = Array(text.utf8)
            guard case .verified(let verified) = verifier.verify(token.span, trust: trust, now: TokensBenchmark.now)
            else { fatalError("refused") }
            cache.insert(verified, token.span, in: trust)
        }
        precondition(cache.count == count, "not all are remembered")
        return Double(heap_in_use() - before) / Double(count) / 1000
    }

    private static func claims(_ number: Int) -> [UInt8] {
        let id = "0\(1_000_000 + number)"
        return Array(
            """
            {"ver":1,"jti":"AT.\(id)89abcdef","iss":"\(issuer)","aud":"api://default","iat":1749999990,\
            "exp":1750003600,"cid":"0oaclient","uid":"00u1abcdefGH\(id)","scp":["openid","email"],\
            "auth_time":1749999900,"sub":"jane.\(id)@acme.com","padding":"\(String(repeating: "x", count: 180))"}
            """.utf8)
    }

    private static func makeKey() -> String {
        let maker = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
        defer { unsafe EVP_PKEY_CTX_free(maker) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(maker) == 1,
            unsafe EVP_PKEY_CTX_set_group_name(maker, "P-256") == 1, unsafe EVP_PKEY_keygen(maker, &key) == 1
        else { fatalError("no key") }
        defer { unsafe EVP_PKEY_free(key) }
        let sink = unsafe BIO_new(BIO_s_mem())
        defer { unsafe BIO_free(sink) }
        unsafe PEM_write_bio_PrivateKey(sink, key, nil, nil, 0, nil, nil)
        var text = [UInt8](repeating: 0, count: 4096)
        let length = unsafe BIO_read(sink, &text, Int32(text.count))
        return String(decoding: text[..<Int(length)], as: UTF8.self)
    }
}

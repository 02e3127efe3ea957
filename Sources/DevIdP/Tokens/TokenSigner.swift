internal import Base
internal import CJWT
internal import Glibc

/// Signs and reads tokens with libjwt: another code base than the service's own verifier, so that their agreeing
/// means something.
enum TokenSigner {
    /// The token with these claims. libjwt writes `alg` itself, and `typ: JWT` where the header has no `typ`.
    static func sign(_ claims: Claims, header: Claims, with key: SigningKey) throws(DevIdPError) -> String {
        var token: OpaquePointer?
        guard unsafe jwt_new(&token) == 0, let token = unsafe token else { throw DevIdPError("libjwt has no memory") }
        defer { unsafe jwt_free(token) }
        let algorithm = key.kind == .rs256 ? JWT_ALG_RS256 : JWT_ALG_ES256
        guard unsafe jwt_add_headers_json(token, String(decoding: header.json, as: UTF8.self)) == 0,
            unsafe jwt_add_grants_json(token, String(decoding: claims.json, as: UTF8.self)) == 0,
            unsafe jwt_set_alg(token, algorithm, key.privatePEM, Int32(key.privatePEM.count)) == 0,
            let text = unsafe jwt_encode_str(token)
        else { throw DevIdPError("libjwt can't sign these claims") }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// The claims of a token that one of the keys has signed; nil for any other.
    static func claims(of text: String, keys: [SigningKey]) -> JSON? {
        for key in keys {
            var token: OpaquePointer?
            // libjwt wants the PEM to end in NUL within its length for some key types, so it is given one behind it.
            let status = unsafe jwt_decode(&token, text, key.publicPEM + [0], Int32(key.publicPEM.count))
            defer { unsafe jwt_free(token) }
            let wanted = key.kind == .rs256 ? JWT_ALG_RS256 : JWT_ALG_ES256
            // libjwt would let the header choose an HMAC keyed with the public PEM.
            guard status == 0, unsafe jwt_get_alg(token) == wanted else { continue }
            guard let grants = unsafe jwt_get_grants_json(token, nil) else { continue }
            defer { unsafe free(grants) }
            return try? JSON.parse(Array(unsafe String(cString: grants).utf8))
        }
        return nil
    }
}

public import Base
internal import COpenSSL

/// A private key that signs our own tokens: P-256 (ES256) or Ed25519 (EdDSA).
///
/// Sendable without a lock: after the init nothing changes the key, OpenSSL counts its references atomically, and every
/// signature has a context of its own.
@safe public final class SigningKey: @unchecked Sendable {
    /// Why a text gives no key.
    public enum Refusal: String, Error, Sendable {
        case unreadable = "is no unencrypted private key in PEM"
        case kind = "must be a P-256 key (ES256) or an Ed25519 key; make one with: openssl genpkey -algorithm ed25519"
    }

    /// What it signs with.
    public let algorithm: Algorithm
    /// The RFC 7638 thumbprint of the public key.
    public let id: String
    private let pointer: OpaquePointer
    private let members: [(name: String, value: String)]

    /// Reads a key from PEM.
    public init(pem: Secret) throws(Refusal) {
        defer { ERR_clear_error() }
        let text = pem.exposed
        let read = unsafe text.withUnsafeBytes { bytes -> OpaquePointer? in
            let source = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { unsafe BIO_free(source) }
            // The callback answers for whoever would be asked for a passphrase on the terminal.
            return unsafe PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil)
        }
        guard let key = unsafe read else { throw .unreadable }
        let found: (Algorithm, [(name: String, value: String)])?
        if unsafe EVP_PKEY_is_a(key, "ED25519") == 1 {
            found = unsafe Self.edwards(key).map { (.edDSA, $0) }
        } else if unsafe EVP_PKEY_is_a(key, "EC") == 1 {
            found = unsafe Self.p256(key).map { (.es256, $0) }
        } else {
            found = nil
        }
        guard let (algorithm, members) = found else {
            unsafe EVP_PKEY_free(key)
            throw .kind
        }
        unsafe pointer = key
        self.algorithm = algorithm
        self.members = members
        // RFC 7638 §3.2: the required members in the order of their names.
        let canonical = JSONWriter.object { writer in
            for (name, value) in members { writer.member(name, value) }
        }
        id = Base64URL.encode(Self.sha256(canonical))
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// The public key as a JWK (RFC 7517, RFC 8037).
    public var publicJWK: [UInt8] {
        JSONWriter.object { writer in
            for (name, value) in members { writer.member(name, value) }
            writer.member("use", "sig")
            writer.member("alg", algorithm.rawValue)
            writer.member("kid", id)
        }
    }

    /// A compact JWS (RFC 7515 §3.1) with the claims; nil when the library fails.
    public func token(claims: [UInt8]) -> String? {
        let header = JSONWriter.object { writer in
            writer.member("alg", algorithm.rawValue)
            writer.member("kid", id)
            writer.member("typ", "JWT")
        }
        let message = "\(Base64URL.encode(header)).\(Base64URL.encode(claims))"
        guard let signature = sign(Array(message.utf8)) else {
            ERR_clear_error()
            return nil
        }
        return "\(message).\(Base64URL.encode(signature))"
    }

    private func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        let digest = algorithm == .es256 ? "SHA256" : nil
        guard unsafe EVP_DigestSignInit_ex(context, nil, digest, nil, nil, pointer, nil) == 1 else { return nil }
        var length = 128
        var signature = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else { return nil }
        let made = Array(signature[..<length])
        return algorithm == .es256 ? ECDSASignature.plain(made, on: .p256) : made
    }

    private static func edwards(_ key: OpaquePointer) -> [(name: String, value: String)]? {
        var bytes = [UInt8](repeating: 0, count: 32)
        var length = 32
        guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == 32 else { return nil }
        return [("crv", "Ed25519"), ("kty", "OKP"), ("x", Base64URL.encode(bytes))]
    }

    private static func p256(_ key: OpaquePointer) -> [(name: String, value: String)]? {
        guard unsafe EVP_PKEY_get_bits(key) == 256, let x = unsafe number(key, OSSL_PKEY_PARAM_EC_PUB_X),
            let y = unsafe number(key, OSSL_PKEY_PARAM_EC_PUB_Y)
        else { return nil }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1,
            name.prefix(length).elementsEqual("prime256v1".utf8.map { CChar($0) })
        else { return nil }
        return [("crv", "P-256"), ("kty", "EC"), ("x", x), ("y", y)]
    }

    /// RFC 7518 §6.2.1.2: at the curve's full length.
    private static func number(_ key: OpaquePointer, _ name: String) -> String? {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else { return nil }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard unsafe BN_bn2binpad(number, &bytes, 32) == 32 else { return nil }
        return Base64URL.encode(bytes)
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var hash: [UInt8] = []
        _ = unsafe Hashing().withHash(.sha256, of: bytes.span) { made in
            unsafe hash = Array(made)
            return true
        }
        return hash
    }
}

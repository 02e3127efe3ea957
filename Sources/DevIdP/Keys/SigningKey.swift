internal import Base
internal import COpenSSL

/// A key pair that signs tokens, and its public half as a JWK (RFC 7517).
struct SigningKey {
    /// The two kinds of key there are.
    enum Kind: String, CaseIterable {
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    let kind: Kind
    /// The private key as PKCS #8 PEM, for libjwt and for the file of keys.
    let privatePEM: [UInt8]
    /// The public key as PEM.
    let publicPEM: [UInt8]
    /// The RFC 7638 thumbprint, so that a key has the same id after a restart.
    let id: String
    private let coordinates: [(name: String, value: String)]

    /// Makes a new key: RSA with 2048 bits, or P-256.
    init(_ kind: Kind) throws(DevIdPError) {
        try self.init(kind, PrivateKey.make(kind))
    }

    /// Takes up a key from its PEM.
    init(_ kind: Kind, privatePEM: [UInt8]) throws(DevIdPError) {
        try self.init(kind, PrivateKey(pem: privatePEM))
    }

    private init(_ kind: Kind, _ key: PrivateKey) throws(DevIdPError) {
        self.kind = kind
        privatePEM = try key.privatePEM()
        publicPEM = try key.publicPEM()
        switch kind {
        case .rs256:
            coordinates = [
                ("e", try key.number(OSSL_PKEY_PARAM_RSA_E, width: nil)), ("kty", "RSA"),
                ("n", try key.number(OSSL_PKEY_PARAM_RSA_N, width: nil)),
            ]
        case .es256:
            coordinates = [
                ("crv", "P-256"), ("kty", "EC"), ("x", try key.number(OSSL_PKEY_PARAM_EC_PUB_X, width: 32)),
                ("y", try key.number(OSSL_PKEY_PARAM_EC_PUB_Y, width: 32)),
            ]
        }
        let canonical = JSONWriter.object { [coordinates] writer in
            for (name, value) in coordinates { writer.member(name, value) }
        }
        id = Base64URL.encode(Digest.sha256(canonical))
    }

    /// Writes the public key as a member of a key set.
    func write(to writer: inout JSONWriter, id: String) {
        writer.object { writer in
            writer.member("kid", id)
            writer.member("use", "sig")
            writer.member("alg", kind.rawValue)
            for (name, value) in coordinates { writer.member(name, value) }
        }
    }
}

/// What kind of key it is, as far as it decides which algorithms it can verify.
enum KeyFamily: Hashable, Sendable {
    case rsa
    case ellipticCurve(Curve)
    case ed25519
}

/// A hash function of the SHA-2 family.
enum Digest: UInt8, CaseIterable, Sendable {
    case sha256
    case sha384
    case sha512

    /// OpenSSL's name for it.
    var name: StaticString {
        switch self {
        case .sha256: "SHA2-256"
        case .sha384: "SHA2-384"
        case .sha512: "SHA2-512"
        }
    }

    /// The length of a hash in bytes.
    var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// The numbers of a public key, checked as far as that needs no library: lengths and ranges.
enum PublicKeyMaterial: Hashable, Sendable {
    /// Modulus and exponent, big endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// Both coordinates at the curve's full length.
    case ellipticCurve(Curve, x: [UInt8], y: [UInt8])
    /// The 32 bytes of RFC 8032 §5.1.5.
    case ed25519([UInt8])

    var family: KeyFamily {
        switch self {
        case .rsa: .rsa
        case .ellipticCurve(let curve, _, _): .ellipticCurve(curve)
        case .ed25519: .ed25519
        }
    }

    /// The exact length of a signature in a token.
    var signatureLength: Int {
        switch self {
        case .rsa(let modulus, _): modulus.count
        case .ellipticCurve(let curve, _, _): 2 * curve.coordinateLength
        case .ed25519: 64
        }
    }
}

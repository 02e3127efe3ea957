/// Why a key of a key set is not used. The other keys of the set are.
public enum KeyRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The entry is no JSON object.
    case notAnObject
    /// `kty` is missing or none of RSA, EC, OKP.
    case unknownType
    /// `crv` is missing or none that an accepted algorithm uses.
    case unknownCurve
    /// A member has the wrong type, or is no canonical base64url.
    case malformed(String)
    /// `kid` is longer than 256 bytes.
    case longID
    /// `use` is there and not `sig`.
    case wrongUse
    /// `key_ops` is there without `verify`.
    case wrongOperations
    /// `alg` is no accepted algorithm, or doesn't fit the key's type and curve.
    case wrongAlgorithm
    /// An RSA modulus below 2048 bits.
    case weak(bits: Int)
    /// An RSA modulus above 8192 bits.
    case huge(bits: Int)
    /// An RSA exponent that is even, below 3 or above 33 bits, or an even modulus.
    case badExponent
    /// The point is not on the curve, or the library refuses the key for another reason.
    case invalid
    /// More than four keys have this id.
    case crowdedID

    /// A sentence for the administrator.
    public var description: String {
        switch self {
        case .notAnObject: "the entry is not a JSON object"
        case .unknownType: "kty must be RSA, EC or OKP"
        case .unknownCurve: "crv must be P-256, P-384 or P-521 for EC, Ed25519 for OKP"
        case .malformed(let member):
            "\(member) is missing, of the wrong type or not canonical base64url of the right length"
        case .longID: "kid is longer than 256 bytes"
        case .wrongUse: "use is not sig"
        case .wrongOperations: "key_ops doesn't contain verify"
        case .wrongAlgorithm: "alg is not an accepted signature algorithm or doesn't fit the key"
        case .weak(let bits): "the RSA modulus has \(bits) bits; at least 2048 are needed"
        case .huge(let bits): "the RSA modulus has \(bits) bits; at most 8192 are accepted"
        case .badExponent: "the RSA exponent must be odd and from 3 to 2^33, the modulus odd"
        case .invalid: "the numbers are no valid public key, for example a point that is not on its curve"
        case .crowdedID: "more than four keys have the same kid"
        }
    }
}

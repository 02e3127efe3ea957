internal import Base

/// Reads one JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037 §2). Private members are not looked at and never kept.
enum JWKReader {
    static let longestID = 256
    static let smallestModulus = 2048
    static let largestModulus = 8192
    static let longestExponent = 33

    /// The key, or why it can't be used.
    static func read(_ jwk: JSON) throws(KeyRefusal) -> VerificationKey {
        guard jwk.kind == .object else { throw .notAnObject }
        let id = try readID(jwk)
        try checkUse(jwk)
        let material = try readMaterial(jwk)
        let algorithm = try readAlgorithm(jwk, for: material.family)
        return try VerificationKey(id: id, algorithm: algorithm, material: material)
    }

    /// `kid` (RFC 7517 §4.5); nil where there is none.
    static func readID(_ jwk: JSON) throws(KeyRefusal) -> String? {
        guard let value = jwk["kid"] else { return nil }
        guard let id = value.string else { throw .malformed("kid") }
        guard id.utf8.count <= longestID else { throw .longID }
        return id
    }

    /// `use` and `key_ops` (RFC 7517 §4.2, §4.3): where present, they must allow verifying.
    private static func checkUse(_ jwk: JSON) throws(KeyRefusal) {
        if let use = jwk["use"] {
            guard use.equals("sig") else { throw .wrongUse }
        }
        if let operations = jwk["key_ops"] {
            guard let list = operations.elements else { throw .malformed("key_ops") }
            guard list.contains(where: { $0.equals("verify") }) else { throw .wrongOperations }
        }
    }

    private static func readAlgorithm(_ jwk: JSON, for family: KeyFamily) throws(KeyRefusal) -> Algorithm? {
        guard let value = jwk["alg"] else { return nil }
        guard let name = value.string, let algorithm = Algorithm(rawValue: name), algorithm.family == family
        else { throw .wrongAlgorithm }
        return algorithm
    }

    private static func readMaterial(_ jwk: JSON) throws(KeyRefusal) -> PublicKeyMaterial {
        guard let type = jwk["kty"] else { throw .unknownType }
        if type.equals("RSA") { return try readRSA(jwk) }
        if type.equals("EC") { return try readEC(jwk) }
        if type.equals("OKP") { return try readOKP(jwk) }
        throw .unknownType
    }

    /// RFC 7518 §6.3.1. Leading zeros, which some libraries write, are dropped.
    private static func readRSA(_ jwk: JSON) throws(KeyRefusal) -> PublicKeyMaterial {
        let modulus = try readNumber(jwk, "n")
        let exponent = try readNumber(jwk, "e")
        let bits = bitCount(modulus)
        guard bits >= smallestModulus else { throw .weak(bits: bits) }
        guard bits <= largestModulus else { throw .huge(bits: bits) }
        guard let lastOfModulus = modulus.last, lastOfModulus & 1 == 1,
            let lastOfExponent = exponent.last, lastOfExponent & 1 == 1,
            exponent != [1], bitCount(exponent) <= longestExponent
        else { throw .badExponent }
        return .rsa(modulus: modulus, exponent: exponent)
    }

    /// RFC 7518 §6.2.1: both coordinates have the curve's full length.
    private static func readEC(_ jwk: JSON) throws(KeyRefusal) -> PublicKeyMaterial {
        guard let name = jwk["crv"]?.string, let curve = Curve(rawValue: name) else { throw .unknownCurve }
        let x = try readBytes(jwk, "x")
        let y = try readBytes(jwk, "y")
        guard x.count == curve.coordinateLength else { throw .malformed("x") }
        guard y.count == curve.coordinateLength else { throw .malformed("y") }
        return .ellipticCurve(curve, x: x, y: y)
    }

    /// RFC 8037 §2, Ed25519 only.
    private static func readOKP(_ jwk: JSON) throws(KeyRefusal) -> PublicKeyMaterial {
        guard let curve = jwk["crv"], curve.equals("Ed25519") else { throw .unknownCurve }
        let x = try readBytes(jwk, "x")
        guard x.count == 32 else { throw .malformed("x") }
        guard !Ed25519Point.isOfSmallOrder(x) else { throw .invalid }
        return .ed25519(x)
    }

    private static func readNumber(_ jwk: JSON, _ name: String) throws(KeyRefusal) -> [UInt8] {
        Array(try readBytes(jwk, name).drop { $0 == 0 })
    }

    private static func readBytes(_ jwk: JSON, _ name: String) throws(KeyRefusal) -> [UInt8] {
        guard let text = jwk[name]?.string, let bytes = Base64URL.decode(text), !bytes.isEmpty
        else { throw .malformed(name) }
        return bytes
    }

    private static func bitCount(_ number: [UInt8]) -> Int {
        guard let first = number.first else { return 0 }
        return number.count * 8 - first.leadingZeroBitCount
    }
}

/// An ECDSA signature as tokens write it, `R || S` at the curve's full length (RFC 7518 §3.4).
enum ECDSASignature {
    /// The signature as the library reads it (DER, RFC 3279 §2.2.3).
    ///
    /// Nil when the length is not exact, or when r or s is not from 1 to n-1: a zero is what "psychic" signatures are made
    /// of, and a longer half overflows what is sized by the curve.
    static func der(_ signature: [UInt8], on curve: Curve) -> [UInt8]? {
        let half = curve.coordinateLength
        guard signature.count == 2 * half else { return nil }
        let r = signature[..<half]
        let s = signature[half...]
        guard isInRange(r, curve.order), isInRange(s, curve.order) else { return nil }
        let content = integer(r) + integer(s)
        return [0x30] + length(content.count) + content
    }

    private static func isInRange(_ number: ArraySlice<UInt8>, _ order: [UInt8]) -> Bool {
        number.contains { $0 != 0 } && number.lexicographicallyPrecedes(order)
    }

    /// An INTEGER: without leading zeros, but never with its highest bit set, which would be a sign.
    private static func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
        let digits = number.drop { $0 == 0 }
        let isSigned = digits.first.map { $0 & 0x80 != 0 } ?? false
        return [0x02] + length(digits.count + (isSigned ? 1 : 0)) + (isSigned ? [0] : []) + digits
    }

    /// At most 139, so that one byte behind the marker is enough.
    private static func length(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [0x81, UInt8(count)]
    }
}

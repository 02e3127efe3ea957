extension ECDSASignature {
    /// The signature as tokens write it (RFC 7518 §3.4), from the library's DER: two INTEGERs in a SEQUENCE.
    static func plain(_ der: [UInt8], on curve: Curve) -> [UInt8]? {
        var rest = der[...]
        guard rest.popFirst() == 0x30, let length = rest.popFirst(), length < 0x80, Int(length) == rest.count,
            let r = integer(&rest, curve.coordinateLength), let s = integer(&rest, curve.coordinateLength), rest.isEmpty
        else { return nil }
        return r + s
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>, _ width: Int) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let length = rest.popFirst(), Int(length) <= rest.count else { return nil }
        let digits = rest.prefix(Int(length)).drop { $0 == 0 }
        rest = rest.dropFirst(Int(length))
        guard digits.count <= width else { return nil }
        return [UInt8](repeating: 0, count: width - digits.count) + digits
    }
}

/// A set of known field names; asking whether one is in it costs a shift.
public struct FieldNameSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The set of these names, which must be known ones (``FieldName``'s static members).
    public init(_ names: [FieldName]) {
        for name in names {
            precondition(name.code != 0 && name.code < 128, "\(name) has no number")
            if name.code < 64 { low |= 1 << UInt64(name.code) } else { high |= 1 << UInt64(name.code - 64) }
        }
    }

    /// The names that are in either.
    public func union(_ other: FieldNameSet) -> FieldNameSet {
        var both = self
        both.low |= other.low
        both.high |= other.high
        return both
    }

    /// Adds a name's number; false when it was in already.
    mutating func insert(code: UInt8) -> Bool {
        if contains(code: code) { return false }
        if code < 64 { low |= 1 << UInt64(code) } else { high |= 1 << UInt64(code - 64) }
        return true
    }

    @inline(__always) func contains(code: UInt8) -> Bool {
        (code < 64 ? low >> UInt64(code) : high >> UInt64(code & 63)) & 1 == 1
    }
}

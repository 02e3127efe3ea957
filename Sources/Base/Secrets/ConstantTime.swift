/// Comparison that takes as long for bytes that differ early as for bytes that differ late.
public enum ConstantTime {
    /// Whether the bytes are the same; the time taken tells only the lengths.
    public static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return isZero(difference)
    }

    /// Whether the bytes are the same; the time taken tells only the lengths.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        equal(left.span, right.span)
    }

    /// Kept out of line, so that the optimiser can't leave the loop early.
    @inline(never) private static func isZero(_ value: UInt8) -> Bool { value == 0 }
}

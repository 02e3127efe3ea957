/// The encodings of Ed25519 points whose order divides 8. A key of such a point verifies signatures that nobody made.
enum Ed25519Point {
    /// The y coordinates, little endian, without the sign bit: 1, -1, 0, the two of order 8, and the two that are
    /// not reduced.
    private static let smallOrder: Set<[UInt8]> = [
        [1] + zeros(31),
        [0xec] + ones(30) + [0x7f],
        zeros(32),
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
            0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
            0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
        [0xed] + ones(30) + [0x7f],
        [0xee] + ones(30) + [0x7f],
    ]

    /// Whether the 32 bytes are such a point, with either sign.
    static func isOfSmallOrder(_ encoded: [UInt8]) -> Bool {
        guard encoded.count == 32 else { return false }
        var unsigned = encoded
        unsigned[31] &= 0x7f
        return smallOrder.contains(unsigned)
    }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private static func ones(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xff, count: count) }
}

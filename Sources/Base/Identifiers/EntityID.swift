/// The id of a row: a UUID (RFC 9562), written in lower case.
public struct EntityID: Hashable, Comparable, Sendable {
    /// The first eight bytes, big-endian.
    let high: UInt64
    /// The last eight bytes, big-endian.
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the 36-character form, in any case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        var position = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == 0x2D else { return nil }
            } else {
                guard let digit = Hex.digit(byte), digits < 32 else { return nil }
                if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
                digits += 1
            }
            position += 1
        }
        guard position == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// A version 7 UUID: ordered by time to the millisecond, random otherwise.
    ///
    /// - Parameters:
    ///   - time: the moment that orders it.
    ///   - randomness: where its 74 random bits come from.
    public static func v7(at time: Timestamp, randomness: Randomness = .system) -> EntityID {
        let milliseconds = UInt64(truncatingIfNeeded: time.microseconds / 1000)
        let random = randomness.words()
        return EntityID(
            high: milliseconds << 16 | 0x7000 | random.0 & 0x0FFF,
            low: random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// A new version 7 UUID of this moment.
    public static func make(_ clock: Clock = .system) -> EntityID {
        v7(at: clock.wall())
    }

    /// The sixteen bytes in network order.
    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }

    /// Ordered by the bytes, as PostgreSQL orders `uuid`.
    public static func < (left: EntityID, right: EntityID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension EntityID: CustomStringConvertible {
    /// The 36-character form in lower case.
    public var description: String {
        unsafe String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    unsafe buffer[position] = 0x2D
                    position += 1
                }
                let word = index < 16 ? high : low
                unsafe buffer[position] = Hex.character(UInt8(word >> UInt64(60 - 4 * (index % 16)) & 0xF))
                position += 1
            }
            return 36
        }
    }
}

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
    @specialized(where Text == String)
    public init?<Text: StringProtocol>(_ text: Text) {
        if let id = text.utf8.withContiguousStorageIfAvailable({ unsafe Self(text: $0) }) {
            guard let id else { return nil }
            self = id
        } else if let id = Self(text: text.utf8) {
            self = id
        } else {
            return nil
        }
    }

    private init?(text: some Sequence<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        var position = 0
        for byte in text {
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
        let milliseconds = UInt64(max(0, time.microseconds / 1000))
        let random = randomness.words()
        return EntityID(
            high: milliseconds << 16 | 0x7000 | random.0 & 0x0FFF,
            low: random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// A new version 7 UUID of this moment, greater than all that this process made before (RFC 9562 §6.2).
    ///
    /// A clock that is set back by more than ten seconds is followed all the same.
    public static func make(_ clock: Clock = .system) -> EntityID {
        let ticks = IDSequence.next(at: clock.wall())
        return EntityID(
            high: (ticks >> 12) << 16 | 0x7000 | ticks & 0x0FFF,
            low: Randomness.systemWord() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// The id of these bytes in network order; nil unless there are sixteen.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Lends the sixteen bytes in network order.
    public func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = [16 of UInt8](repeating: 0)
        for position in 0..<8 {
            bytes[position] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * position))
            bytes[position + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * position))
        }
        return try body(bytes.span)
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

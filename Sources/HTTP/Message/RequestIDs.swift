internal import Base

/// Makes the ids of requests that bring none: a prefix that differs by process and loop, and a count.
///
/// An id only ties log lines together; it is no secret and needs not be hard to guess.
final class RequestIDs {
    private let prefix: [UInt8]
    private var count: UInt64 = 0

    /// Bytes of every id made.
    static let length = 32
    /// Bytes of the longest id that a client may give.
    static let longest = 128

    /// Ids that begin with the 16 hexadecimal digits of the seed.
    init(seed: UInt64) {
        prefix = Self.digits(seed)
    }

    @inline(__always) func next() -> UInt64 {
        count &+= 1
        return count
    }

    /// The id of this number, 32 hexadecimal digits.
    func text(_ number: UInt64) -> String {
        String(decoding: prefix + Self.digits(number), as: UTF8.self)
    }

    /// Appends the id of this number.
    @inline(__always) func append(_ number: UInt64, to output: OutputBuffer) {
        output.append(prefix)
        output.appendHex(number)
    }

    /// Appends the id of this number.
    func append(_ number: UInt64, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: prefix)
        for shift in stride(from: UInt64(60), through: 0, by: -4) { bytes.append(Self.digit(number >> shift)) }
    }

    private static func digits(_ number: UInt64) -> [UInt8] {
        (0..<16).map { digit(number >> UInt64(60 - 4 * $0)) }
    }

    private static func digit(_ number: UInt64) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: number & 15)
        return digit < 10 ? 48 + digit : 87 + digit
    }

    /// Whether the client's own id may be taken over: 1–128 of `A–Z a–z 0–9 . _ -`.
    static func isWellFormed(_ field: FieldEntry, _ request: Request) -> Bool {
        request.withRange(field.value) { value in
            guard value.count >= 1, value.count <= longest else { return false }
            for index in 0..<value.count {
                let byte = value[index]
                guard (byte | 32) &- 97 < 26 || Octet.isDigit(byte) || byte == 46 || byte == 95 || byte == 45 else {
                    return false
                }
            }
            return true
        }
    }
}

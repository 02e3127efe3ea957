internal import Base

/// PostgreSQL's text form of a `timestamptz` under `DateStyle = ISO` and `TimeZone = UTC`:
/// `2026-01-31 09:05:00.123456+00`.
///
/// Read here rather than by the general reader of RFC 3339, because rows have many of them and this form has no choices.
enum TimestampText {
    /// The moment; nil for `infinity`, years outside 1–9999, other zones and anything else.
    static func moment(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        guard text.count >= 22, unsafe text[4] == UInt8(ascii: "-"), unsafe text[7] == UInt8(ascii: "-"),
            unsafe text[10] == UInt8(ascii: " "), unsafe text[13] == UInt8(ascii: ":"),
            unsafe text[16] == UInt8(ascii: ":"), let year = unsafe number(text, 0, 4),
            let month = unsafe number(text, 5, 2), let day = unsafe number(text, 8, 2),
            let hour = unsafe number(text, 11, 2), let minute = unsafe number(text, 14, 2),
            let second = unsafe number(text, 17, 2), year >= 1, (1...12).contains(month), (1...31).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if unsafe text[position] == UInt8(ascii: ".") {
            position += 1
            var unit: Int64 = 100_000
            while position < text.count, let digit = unsafe number(text, position, 1) {
                guard unit > 0 else { return nil }
                fraction += digit * unit
                unit /= 10
                position += 1
            }
            guard unit < 100_000 else { return nil }
        }
        guard position + 3 == text.count, unsafe text[position] == UInt8(ascii: "+"),
            unsafe number(text, position + 1, 2) == 0
        else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for position in start..<start + count {
            let digit = unsafe text[position] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar from the year 1 on, counted from 1 March so that
    /// the leap day is the last of its year.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

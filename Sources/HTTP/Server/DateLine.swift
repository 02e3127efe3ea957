internal import Base

/// The `Date` field's line (RFC 9110 section 5.6.7), made once a second.
struct DateLine {
    private var line: [UInt8] = []
    private var validUntil = Instant(nanoseconds: .min)

    /// The line for now.
    @inline(__always) mutating func bytes(_ now: Instant, _ clock: Clock) -> [UInt8] {
        if now < validUntil { return line }
        let wall = clock.wall().microseconds
        let second = wall.quotient(1_000_000)
        line = Self.line(second)
        validUntil = now + .microseconds((second + 1) * 1_000_000 - wall)
        return line
    }

    /// The line for so many seconds after 1970.
    static func line(_ seconds: Int64) -> [UInt8] {
        let days = seconds.quotient(86400)
        let rest = Int(seconds - days * 86400)
        let date = civil(days)
        let weekday = Int((days + 4).remainder(7))
        let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        return Array(
            "Date: \(names[weekday]), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT\r\n".utf8)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days since 1970 to a date of the Gregorian calendar; years counted from March, so that leap days come last.
    private static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.quotient(146_097)
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (Int(era) * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Division that rounds down, also below zero.
    fileprivate func quotient(_ divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self - divisor + 1) / divisor
    }

    fileprivate func remainder(_ divisor: Int64) -> Int64 { self - quotient(divisor) * divisor }
}

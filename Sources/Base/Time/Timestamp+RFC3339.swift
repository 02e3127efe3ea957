extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with microseconds, e.g. `2026-01-31T09:05:00.123456Z`; without a fraction when it is zero.
    ///
    /// Years beyond 0000…9999, which RFC 3339 doesn't know, have a sign or more digits.
    public var description: String {
        let fraction = microseconds.floorRemainder(by: 1_000_000)
        let (year, month, day) = Timestamp.civil(fromDays: seconds.floorDivided(by: 86_400))
        let secondOfDay = seconds.floorRemainder(by: 86_400)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        if year < 0 { text.append(UInt8(ascii: "-")) }
        text.append(number: year.magnitude, width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(number: month.magnitude, width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(number: day.magnitude, width: 2)
        text.append(UInt8(ascii: "T"))
        text.append(number: (secondOfDay / 3600).magnitude, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(number: (secondOfDay / 60 % 60).magnitude, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(number: (secondOfDay % 60).magnitude, width: 2)
        if fraction != 0 {
            text.append(UInt8(ascii: "."))
            text.append(number: fraction.magnitude, width: 6)
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 §5.6 `date-time`, also with a space for the `T`; nil when it is anything else, and when it is
    /// outside the years 1 to 9999 in UTC, which are all that this form and the database know in common.
    public init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2),
            (1...12).contains(month), day >= 1, day <= Timestamp.days(inMonth: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if scanner.skip(".") {
            guard let read = scanner.fraction() else { return nil }
            fraction = read
        }
        guard let offset = scanner.zone(), scanner.isAtEnd else { return nil }
        let days = Timestamp.days(year: year, month: month, day: day)
        let total = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard (Self.firstSecond...Self.lastSecond).contains(total) else { return nil }
        self.init(microseconds: total * 1_000_000 + fraction)
    }

    /// 0001-01-01T00:00:00Z.
    private static let firstSecond: Int64 = -62_135_596_800
    /// 9999-12-31T23:59:59Z.
    private static let lastSecond: Int64 = 253_402_300_799

    /// The proleptic Gregorian date so many days after 1970-01-01.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Counted in 400-year eras that begin on 1 March, so that the leap day is the last of its year.
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// Days from 1970-01-01 to the given proleptic Gregorian date.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.floorDivided(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    fileprivate func floorRemainder(by divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

extension [UInt8] {
    /// Appends decimal digits, zeros before them up to the width.
    fileprivate mutating func append(number: UInt64, width: Int) {
        let start = count
        var rest = number
        repeat {
            append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0 || count - start < width
        self[start...].reverse()
    }
}

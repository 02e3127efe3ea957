/// Durations as people write them: `90s`, `15m`, `24h`, `30d`, `2w`.
public enum DurationText {
    /// The longest duration, in seconds: a hundred years.
    public static let longest: Int64 = 100 * 366 * 86_400

    /// The seconds that the text names; nil for anything but a number followed by one of s, m, h, d and w, or for more
    /// than a hundred years.
    public static func seconds(_ text: String) -> Int64? {
        guard let unit = text.utf8.last.flatMap(seconds(of:)) else { return nil }
        let digits = text.dropLast()
        guard (1...10).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(digits)
        else { return nil }
        let seconds = number * unit
        return seconds <= longest ? seconds : nil
    }

    private static func seconds(of unit: UInt8) -> Int64? {
        switch unit {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3600
        case UInt8(ascii: "d"): 86_400
        case UInt8(ascii: "w"): 604_800
        default: nil
        }
    }
}

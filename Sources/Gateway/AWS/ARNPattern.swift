/// What IAM's patterns match: `*` any text, also none and across slashes, `?` any one character.
enum ARNPattern {
    /// Whether the text has characters that would be read as part of a pattern (`${…}` is a policy variable).
    static func isLiteral(_ text: some StringProtocol) -> Bool {
        !text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "$") }
    }

    /// Whether the pattern matches the text.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.utf8)
        var reached = [Bool](repeating: false, count: pattern.count + 1)
        reached[0] = true
        skipStars(pattern, &reached)
        for byte in text.utf8 {
            var next = [Bool](repeating: false, count: pattern.count + 1)
            for position in pattern.indices where reached[position] {
                switch pattern[position] {
                case UInt8(ascii: "*"): next[position] = true
                case UInt8(ascii: "?"), byte: next[position + 1] = true
                default: break
                }
            }
            skipStars(pattern, &next)
            reached = next
        }
        return reached[pattern.count]
    }

    /// Whether some text matches both patterns.
    static func intersect(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        let star = UInt8(ascii: "*")
        let one = UInt8(ascii: "?")
        var reached = [[Bool]](
            repeating: [Bool](repeating: false, count: right.count + 1), count: left.count + 1)
        reached[0][0] = true
        for first in 0...left.count {
            for second in 0...right.count where reached[first][second] {
                let a = first < left.count ? left[first] : nil
                let b = second < right.count ? right[second] : nil
                // A star may match nothing, or what the other pattern has next.
                if a == star { reached[first + 1][second] = true }
                if b == star { reached[first][second + 1] = true }
                if a == star, b != nil { reached[first][second + 1] = true }
                if b == star, a != nil { reached[first + 1][second] = true }
                if let a, let b, a == b || a == one || b == one { reached[first + 1][second + 1] = true }
            }
        }
        return reached[left.count][right.count]
    }

    private static func skipStars(_ pattern: [UInt8], _ reached: inout [Bool]) {
        for position in pattern.indices where reached[position] && pattern[position] == UInt8(ascii: "*") {
            reached[position + 1] = true
        }
    }
}

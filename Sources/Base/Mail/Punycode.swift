/// The ASCII form of a domain label outside ASCII, without its `xn--` (RFC 3492).
enum Punycode {
    private static let base = 36
    private static let firstThreshold = 1
    private static let lastThreshold = 26
    private static let initialBias = 72
    private static let initialCode = 0x80
    /// Labels are at most 63 bytes; more is never worth the square of its length that the algorithm takes.
    private static let longest = 63

    /// The ASCII form (RFC 3492 §6.3); nil when it would be longer than a label.
    static func encode(_ label: [Unicode.Scalar]) -> [UInt8]? {
        guard label.count <= longest else { return nil }
        var output = label.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        let basic = output.count
        var handled = basic
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var code = initialCode
        var delta = 0
        var bias = initialBias
        while handled < label.count {
            guard let next = label.lazy.map({ Int($0.value) }).filter({ $0 >= code }).min() else { return nil }
            delta += (next - code) * (handled + 1)
            code = next
            for scalar in label {
                if Int(scalar.value) < code { delta += 1 }
                guard Int(scalar.value) == code else { continue }
                append(delta, bias, to: &output)
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return output.count <= longest ? output : nil
    }

    /// What an ASCII form stands for (RFC 3492 §6.2); nil when it stands for nothing.
    static func decode(_ text: some Collection<UInt8>) -> [Unicode.Scalar]? {
        let text = Array(text)
        guard text.count <= longest else { return nil }
        let delimiter = text.lastIndex(of: UInt8(ascii: "-"))
        var output = text[..<(delimiter ?? 0)].map { Unicode.Scalar($0) }
        var position = delimiter.map { $0 + 1 } ?? 0
        var code = initialCode
        var place = 0
        var bias = initialBias
        while position < text.count {
            let former = place
            var weight = 1
            var step = base
            while true {
                guard position < text.count, let digit = value(of: text[position]) else { return nil }
                position += 1
                place += digit * weight
                guard place <= 0x7FFF_FFFF else { return nil }
                let threshold = threshold(step, bias)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight <= 0x7FFF_FFFF else { return nil }
                step += base
            }
            let count = output.count + 1
            bias = adapt(place - former, count, isFirst: former == 0)
            code += place / count
            place %= count
            guard code <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
            output.insert(scalar, at: place)
            place += 1
        }
        return output
    }

    private static func append(_ delta: Int, _ bias: Int, to output: inout [UInt8]) {
        var rest = delta
        var step = base
        while true {
            let threshold = threshold(step, bias)
            if rest < threshold { break }
            output.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            step += base
        }
        output.append(digit(rest))
    }

    private static func threshold(_ step: Int, _ bias: Int) -> Int {
        min(max(step - bias, firstThreshold), lastThreshold)
    }

    /// RFC 3492 §6.1.
    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > (base - firstThreshold) * lastThreshold / 2 {
            delta /= base - firstThreshold
            steps += base
        }
        return steps + (base - firstThreshold + 1) * delta / (delta + 38)
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 26 ? 0x61 + value : 0x30 + value - 26)
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case 0x30...0x39: Int(digit) - 0x30 + 26
        case 0x41...0x5A: Int(digit) - 0x41
        case 0x61...0x7A: Int(digit) - 0x61
        default: nil
        }
    }
}

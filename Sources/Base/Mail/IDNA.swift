/// Domain names in their ASCII form (RFC 5890), by which alone they are compared and stored.
public enum IDNA {
    /// The lower-case ASCII form of a host name; nil when it is none.
    ///
    /// Letters, digits and hyphens; labels of 1 to 63 bytes, 253 bytes in all; no dot at the end; the last label is not
    /// a number, which would be an address. A label outside ASCII is lower-cased and becomes its `xn--` form when it is
    /// of the scripts whose characters have one spelling each (see ``isUnambiguous(_:)``); of other scripts the `xn--`
    /// form has to be given.
    public static func ascii(_ name: some StringProtocol) -> String? {
        // The longest name of 253 bytes has 63 characters of four bytes a label and can't exceed this.
        guard (1...1024).contains(name.utf8.count) else { return nil }
        var labels: [[UInt8]] = []
        for part in name.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
            guard let label = label(Array(part)) else { return nil }
            labels.append(label)
        }
        guard let last = labels.last, !last.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let joined = Array(labels.joined(separator: [UInt8(ascii: ".")]))
        return joined.count <= 253 ? String(decoding: joined, as: UTF8.self) : nil
    }

    private static func label(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        let lower = Array(String(text).lowercased().unicodeScalars)
        if lower.allSatisfy(\.isASCII) {
            // A character outside ASCII may have an ASCII one as its lower case (K, the Kelvin sign).
            guard scalars.allSatisfy(\.isASCII) else { return nil }
            return plainLabel(lower.map { UInt8(truncatingIfNeeded: $0.value) })
        }
        guard lower.allSatisfy({ $0.isASCII ? isLabelCharacter($0) : isUnambiguous($0) }), hyphensFit(lower),
            let encoded = Punycode.encode(lower), encoded.count <= 59
        else { return nil }
        return Array("xn--".utf8) + encoded
    }

    private static func plainLabel(_ label: [UInt8]) -> [UInt8]? {
        guard (1...63).contains(label.count), label.allSatisfy({ isLabelCharacter(Unicode.Scalar($0)) }),
            label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
        else { return nil }
        guard label.count >= 4, label[2] == UInt8(ascii: "-"), label[3] == UInt8(ascii: "-") else { return label }
        // RFC 5891 §4.2.3.1 and §5.4: of labels with two hyphens here only those that are the form of something.
        let encoded = label[4...]
        guard label[0] == UInt8(ascii: "x"), label[1] == UInt8(ascii: "n"), let decoded = Punycode.decode(encoded),
            !decoded.allSatisfy(\.isASCII), decoded.allSatisfy(isPresentable),
            Punycode.encode(decoded) == Array(encoded)
        else { return nil }
        return label
    }

    /// Whether a character may be meant by an `xn--` label: nothing that can't be seen, nothing with a lower case.
    private static func isPresentable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return isLabelCharacter(scalar) }
        // The joiners that some scripts need, RFC 5892 appendix A.
        if scalar == "\u{200C}" || scalar == "\u{200D}" { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate, .spaceSeparator, .lineSeparator,
            .paragraphSeparator, .uppercaseLetter, .titlecaseLetter:
            return false
        default: return true
        }
    }

    private static func isLabelCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-": true
        default: false
        }
    }

    private static func hyphensFit(_ label: [Unicode.Scalar]) -> Bool {
        guard label.first != "-", label.last != "-" else { return false }
        return label.count < 4 || label[2] != "-" || label[3] != "-"
    }

    /// Whether a lower-case character outside ASCII may stand in a name as it is (RFC 5892) and has no second spelling
    /// by Unicode's normal forms. That needs no tables for Latin, Greek, Cyrillic, Armenian, Georgian, Han, kana and
    /// Hangul syllables; everything else is refused.
    static func isUnambiguous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Latin; ĳ, ŀ, ŉ and ſ have compatibility spellings.
        case 0xDF...0xF6, 0xF8...0xFF: true
        case 0x100...0x17F:
            ![0x132, 0x133, 0x13F, 0x140, 0x149, 0x17F].contains(scalar.value)
                && scalar.properties.generalCategory == .lowercaseLetter
        case 0x1E00...0x1E99, 0x1EA0...0x1EFF:
            scalar.value != 0x1E9A && scalar.properties.generalCategory == .lowercaseLetter
        // Greek
        case 0x3AC...0x3CE: true
        // Cyrillic
        case 0x430...0x45F: true
        case 0x48A...0x52F: scalar.properties.generalCategory == .lowercaseLetter
        // Armenian and Georgian
        case 0x561...0x586, 0x10D0...0x10FA: true
        // Hiragana and katakana, with the mark that lengthens a vowel
        case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC: true
        // Han
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x2A6DF: true
        // Hangul syllables
        case 0xAC00...0xD7A3: true
        default: false
        }
    }
}

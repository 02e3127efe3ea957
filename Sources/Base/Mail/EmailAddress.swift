/// An e-mail address. Two are equal when they differ in case only.
public struct EmailAddress: Sendable {
    /// The address as it was given.
    public let text: String
    /// The address in lower case with the domain in its ASCII form: what is compared.
    public let canonical: String
    /// The domain in its lower-case ASCII form (``IDNA/ascii(_:)``).
    public let domain: String

    /// Reads an address of at most 254 bytes (RFC 5321 §4.5.3.1.3) with exactly one `@`; nil for anything else.
    ///
    /// The local part has 1 to 64 bytes: letters, digits, dots and ``!#$%&'*+-/=?^_`{|}~`` (RFC 5322 §3.2.3), and the
    /// characters outside ASCII that may stand in a domain. Quoted local parts and address literals are refused.
    public init?(_ text: String) {
        guard text.utf8.count <= 254 else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let local = Self.local(Substring(parts[0])),
            let domain = IDNA.ascii(Substring(parts[1]))
        else { return nil }
        let canonical = "\(local)@\(domain)"
        guard canonical.utf8.count <= 254 else { return nil }
        self.text = text
        self.canonical = canonical
        self.domain = domain
    }

    /// The lower-case local part; nil when it is none.
    private static func local(_ text: Substring) -> String? {
        guard (1...64).contains(text.utf8.count) else { return nil }
        let lower = text.lowercased()
        for (scalar, original) in zip(lower.unicodeScalars, text.unicodeScalars) where scalar.isASCII {
            // A character outside ASCII may have an ASCII one as its lower case (K, the Kelvin sign).
            guard original.isASCII else { return nil }
        }
        let fits = lower.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII ? isAtomCharacter(scalar) : IDNA.isUnambiguous(scalar)
        }
        return fits && lower.utf8.count <= 64 ? lower : nil
    }

    private static func isAtomCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", ".", "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{",
            "|", "}", "~":
            true
        default: false
        }
    }
}

extension EmailAddress: Hashable {
    /// Whether the canonical forms are the same.
    public static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.canonical == right.canonical }

    /// Takes the canonical form in.
    public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

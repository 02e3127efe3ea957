/// What a line may not do with a secret.
enum SecretRules {
    /// What names values that an attacker would like to guess byte by byte.
    private static let names: Set<String> = [
        "secret", "digest", "signature", "password", "hmac", "mac", "presented", "verifier", "bootstraptoken",
    ]
    /// What tells nothing of a secret's bytes.
    private static let harmless: Set<String> = [
        "nil", "true", "false", "count", "kind", "algorithm", "name", "isempty",
    ]

    /// The secret that a line compares with `==` or `!=`, which end at the first difference; nil where it compares none.
    static func compared(_ line: String) -> String? {
        let code = line.firstRange(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
        for sign in ["==", "!="] {
            for range in code.ranges(of: sign) {
                let (left, right) = (before(code[..<range.lowerBound]), after(code[range.upperBound...]))
                guard let leftName = left.last, let rightName = right.last else { continue }
                if harmless.contains(leftName) || harmless.contains(rightName) { continue }
                if let found = meant(left) ?? meant(right) { return found }
            }
        }
        return nil
    }

    /// The secret that an operand is, or whose text or bytes it is.
    private static func meant(_ operand: [String]) -> String? {
        let rest =
            operand.last.map { ["text", "exposed", "utf8"].contains($0) } == true ? operand.dropLast() : operand[...]
        return rest.last.flatMap { names.contains($0) ? $0 : nil }
    }

    /// The names of the operand that ends a text, in lower case: `a.secret.text` has three.
    private static func before(_ text: Substring) -> [String] {
        let operand = text.reversed().drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || "._".contains($0) }
        return parts(String(operand.reversed()))
    }

    /// The same of the operand that begins a text; none where it is a literal.
    private static func after(_ text: Substring) -> [String] {
        parts(String(text.drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || "._".contains($0) }))
    }

    private static func parts(_ operand: String) -> [String] {
        guard let first = operand.first, first.isLetter || first == "." || first == "_" else { return [] }
        return operand.split(separator: ".").map { $0.lowercased() }
    }
}

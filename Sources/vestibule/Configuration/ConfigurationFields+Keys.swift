internal import Base
internal import Tokens

extension ConfigurationFields {
    /// Private keys in PEM, one after another. Line ends may be written as `\\n`, as environments often have them.
    mutating func signingKeys(_ name: String) -> [SigningKey] {
        guard let text = text(name) else { return [] }
        var lines: [String] = []
        var keys: [SigningKey] = []
        let broken = text.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
        for line in broken.split(whereSeparator: \.isNewline).map(\.trimmed) {
            if line.hasPrefix("-----BEGIN ") { lines = [] }
            lines.append(line)
            // An EC key may stand behind a block with its parameters.
            guard line.hasPrefix("-----END "), line.contains("PRIVATE KEY") else { continue }
            do throws(SigningKey.Refusal) {
                keys.append(try SigningKey(pem: Secret(lines.joined(separator: "\n") + "\n")))
            } catch {
                problems.add(name, error.rawValue)
                return []
            }
        }
        if keys.isEmpty { problems.add(name, SigningKey.Refusal.unreadable.rawValue) }
        return keys
    }
}

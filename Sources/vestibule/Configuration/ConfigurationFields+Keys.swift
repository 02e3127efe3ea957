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

    /// A key set in a file (RFC 7517 §5).
    mutating func keySet(_ name: String) -> KeySet? {
        guard let path = text(name) else { return nil }
        guard let bytes = FileText.read(path) else {
            problems.add(name, "\(path) can't be read; give the path of a readable file")
            return nil
        }
        do throws(KeySetError) {
            return try KeySet(parsing: bytes)
        } catch {
            problems.add(name, "\(path): \(error)")
            return nil
        }
    }
}

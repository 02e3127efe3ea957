internal import Base
internal import FoundationEssentials

/// The configuration file: JSON5, its objects flattened to the names that the environment uses.
struct ConfigurationFile {
    /// The path that was read.
    let path: String
    /// Values by file name (`clock_skew`, `okta_issuer`).
    private(set) var values: [String: String] = [:]
    /// The route rules as strict JSON, where the file has some.
    private(set) var routes: [UInt8]?

    /// Where the file is when nobody names one.
    static let usualPath = "Config/vestibule.json5"

    /// Reads the file.
    ///
    /// - Parameter path: what `--config` named; nil for the usual place, where no file need be.
    /// - Returns: nil where no file was named and none stands in the usual place.
    static func read(_ path: String?, problems: inout ConfigurationProblems) -> ConfigurationFile? {
        guard let text = FileText.read(path ?? usualPath) else {
            if let path { problems.add("--config", "\(path) can't be read; give the path of a readable file") }
            return nil
        }
        return ConfigurationFile(text, at: path ?? usualPath, problems: &problems)
    }

    /// Reads the text of a file; what is wrong with it is added to the problems.
    init(_ text: [UInt8], at path: String, problems: inout ConfigurationProblems) {
        self.path = path
        // Foundation's reader of JSON5 stops the process where a name holds other bytes.
        guard String(validating: text, as: UTF8.self) != nil else {
            problems.add(path, "is not UTF-8; save it in that encoding")
            return
        }
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            let tree = try decoder.decode(JSON5Value.self, from: Data(text))
            guard case .object(let members) = tree else {
                problems.add(path, "the file must hold one object: { key: value, … }")
                return
            }
            take(members, prefix: "", problems: &problems)
        } catch {
            problems.add(path, "is not valid JSON5: \(Self.sentence(of: error))")
        }
    }

    private mutating func take(
        _ members: [String: JSON5Value], prefix: String, problems: inout ConfigurationProblems
    ) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let full = prefix.isEmpty ? name.lowercased() : "\(prefix)_\(name.lowercased())"
            let key = full.hasPrefix("vestibule_") ? String(full.dropFirst("vestibule_".count)) : full
            if key == "routes" {
                routes = JSONWriter.make { value.write(to: &$0) }
            } else if case .object(let inner) = value {
                take(inner, prefix: key, problems: &problems)
            } else if let text = value.text {
                values[key] = text
            } else if case .null = value {
                continue
            } else {
                problems.add("\(path): \(key)", "must be a text, a number, true, false or a list of texts")
            }
        }
    }

    private static func sentence(of error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error else { return "it can't be understood" }
        if let inner = context.underlyingError { return "\(inner)".split(separator: "\n").first.map(String.init) ?? "" }
        return context.debugDescription
    }
}

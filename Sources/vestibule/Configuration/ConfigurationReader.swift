/// Gathers the texts of all keys by precedence: flag, environment, file, built-in default.
struct ConfigurationReader {
    private(set) var values: [String: ConfigurationValue] = [:]
    private(set) var routes: [UInt8]?
    var problems = ConfigurationProblems()

    /// Reads all sources.
    ///
    /// - Parameters:
    ///   - flags: values given on the command line, by environment name.
    ///   - environment: the process's environment.
    ///   - filePath: what `--config` named.
    init(flags: [String: String], environment: [String: String], filePath: String?) {
        let file = ConfigurationFile.read(filePath, problems: &problems)
        routes = file?.routes
        if let file { refuseUnknown(in: file) }
        refuseMistyped(in: environment)
        for key in ConfigurationKeys.all {
            values[key.name] = value(of: key, flags, environment, file)
        }
    }

    private mutating func value(
        of key: ConfigurationKey, _ flags: [String: String], _ environment: [String: String], _ file: ConfigurationFile?
    ) -> ConfigurationValue? {
        if let text = flags[key.name] { return ConfigurationValue(text: text, origin: .flag) }
        if let text = environment[key.name] {
            if !text.isEmpty { return ConfigurationValue(text: text, origin: .environment) }
            if key.isSecret { problems.add(key.name, "is empty; give the secret, or unset the variable") }
        }
        if key.isSecret, let path = environment["\(key.name)_FILE"], !path.isEmpty {
            return secret(key, at: path)
        }
        if let file, let text = file.values[key.fileName] {
            if !text.isEmpty { return ConfigurationValue(text: text, origin: .file(file.path)) }
            if key.isSecret { problems.add("\(file.path): \(key.fileName)", "is empty; give the secret, or remove it") }
        }
        return key.defaultText.map { ConfigurationValue(text: $0, origin: .builtIn) }
    }

    private mutating func secret(_ key: ConfigurationKey, at path: String) -> ConfigurationValue? {
        guard var bytes = FileText.read(path) else {
            problems.add("\(key.name)_FILE", "\(path) can't be read; give the path of a readable file")
            return nil
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else {
            problems.add("\(key.name)_FILE", "\(path) is empty; put the secret into it")
            return nil
        }
        return ConfigurationValue(text: String(decoding: bytes, as: UTF8.self), origin: .secretFile(path))
    }

    private mutating func refuseUnknown(in file: ConfigurationFile) {
        let known = Set(ConfigurationKeys.all.map(\.fileName))
        for name in file.values.keys.sorted() where !known.contains(name) {
            let hint = Suggestion.nearest(to: name, among: known)
            problems.add(
                "\(file.path): \(name)", "is no known key" + (hint.map { "; did you mean \($0)?" } ?? "; remove it"))
        }
    }

    /// A variable of ours that nobody reads would be a setting that silently does nothing.
    private mutating func refuseMistyped(in environment: [String: String]) {
        let known = Set(ConfigurationKeys.all.map(\.name))
        for name in environment.keys.sorted() where name.hasPrefix("VESTIBULE_") && !known.contains(name) {
            if let stem = Self.stem(of: name), ConfigurationKeys.named(stem)?.isSecret == true { continue }
            if let hint = Suggestion.nearest(to: name, among: known) {
                problems.add(name, "is no known variable; did you mean \(hint)?")
            }
        }
    }

    private static func stem(of name: String) -> String? {
        for suffix in ["_FILE", "_ARN"] where name.hasSuffix(suffix) { return String(name.dropLast(suffix.count)) }
        return nil
    }
}

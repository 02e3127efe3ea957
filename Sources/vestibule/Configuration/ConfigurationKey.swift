/// One key of the configuration: its name in the environment, and what the documentation says of it.
struct ConfigurationKey: Sendable {
    /// The environment variable. In the file the same name is written in lower case, without `VESTIBULE_`.
    let name: String
    /// What it does and in which unit.
    let meaning: String
    /// The text that stands where nothing is given; nil where there is no default.
    let defaultText: String?
    /// Whether the value must never be shown. Only secrets may come from `NAME_FILE`.
    let isSecret: Bool

    init(_ name: String, _ meaning: String, default defaultText: String? = nil, secret: Bool = false) {
        self.name = name
        self.meaning = meaning
        self.defaultText = defaultText
        isSecret = secret
    }

    /// The key's name in the file.
    var fileName: String {
        let lower = name.lowercased()
        return lower.hasPrefix("vestibule_") ? String(lower.dropFirst("vestibule_".count)) : lower
    }
}

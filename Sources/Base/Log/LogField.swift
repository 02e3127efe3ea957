/// One key and value of a log line.
public struct LogField: Sendable {
    enum Value: Sendable {
        case text(String)
        case number(Int64)
        case flag(Bool)
    }

    let name: StaticString
    let value: Value

    /// A text. Never a token, a secret or an e-mail.
    public static func text(_ name: StaticString, _ value: String) -> LogField {
        LogField(name: name, value: .text(value))
    }

    /// A number.
    public static func number(_ name: StaticString, _ value: some BinaryInteger) -> LogField {
        LogField(name: name, value: .number(Int64(clamping: value)))
    }

    /// A truth value.
    public static func flag(_ name: StaticString, _ value: Bool) -> LogField {
        LogField(name: name, value: .flag(value))
    }

    /// An id.
    public static func id(_ name: StaticString, _ value: EntityID) -> LogField {
        LogField(name: name, value: .text(value.description))
    }

    /// An e-mail address, cut to `abc***@domain`.
    public static func email(_ name: StaticString, _ value: String) -> LogField {
        LogField(name: name, value: .text(redact(value)))
    }

    static func redact(_ address: String) -> String {
        guard let at = address.lastIndex(of: "@") else { return "***" }
        return String(address[..<at].prefix(3)) + "***" + String(address[at...])
    }
}

/// The text of a statement. It comes from literals in the source alone: what is composed is composed of such.
public struct SQLText: Sendable, ExpressibleByStringLiteral {
    private enum Form {
        case literal(StaticString)
        case composed(String)
    }

    private let form: Form

    /// The text of a literal.
    public init(stringLiteral value: StaticString) {
        form = .literal(value)
    }

    private init(composed: String) {
        form = .composed(composed)
    }

    /// `$n`, the place of a parameter, counted from 1.
    public static func parameter(_ number: Int) -> SQLText { SQLText(composed: "$\(number)") }

    /// Both texts, one behind the other.
    public static func + (left: SQLText, right: SQLText) -> SQLText {
        SQLText(composed: left.string + right.string)
    }

    private var string: String {
        switch form {
        case .literal(let text): text.description
        case .composed(let text): text
        }
    }

    /// Lends the text as C wants it; it must not be kept.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        switch form {
        case .literal(let text):
            // A literal ends with NUL.
            unsafe body(UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self))
        case .composed(let text): unsafe text.withCString(body)
        }
    }
}

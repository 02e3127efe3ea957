/// Why a text is no JSON that is accepted here (RFC 8259).
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: String, Sendable {
        case empty = "is empty"
        case syntax = "is not valid JSON"
        case trailing = "has something behind its end"
        case depth = "is nested too deep"
        case count = "has too many values"
        case duplicate = "names a member twice"
        case string = "has a text that is not well formed"
        case nul = "has the character U+0000 in a text"
        case number = "has a number that is not well formed"
    }

    /// What is wrong.
    public let reason: Reason
    /// The byte at which it was noticed, from 0.
    public let offset: Int

    /// Words for a sentence that begins with what the text is.
    public var description: String { "\(reason.rawValue) (at byte \(offset))" }
}

/// How large a JSON text may be.
public struct JSONLimits: Sendable, Equatable {
    /// How deep arrays and objects may be nested.
    public var depth: Int
    /// How many values there may be in all, names of members included.
    public var values: Int
    /// Whether a text may hold U+0000. RFC 8259 lets it; no column of the database and no C string can hold it.
    public var allowsNUL: Bool

    /// Limits from their parts; a depth above 256 is cut to that, so that the stack bears it.
    public init(depth: Int = 32, values: Int = 100_000, allowsNUL: Bool = true) {
        self.depth = min(depth, 256)
        self.values = values
        self.allowsNUL = allowsNUL
    }

    /// Depth 32, 100 000 values.
    public static let standard = JSONLimits()

    /// The standard without U+0000, for bodies whose texts go into the database.
    public static let storable = JSONLimits(allowsNUL: false)
}

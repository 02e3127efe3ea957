/// SQL text, put together from source literals and other such texts only: nothing from outside can become SQL.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    let text: String

    /// A literal.
    public init(stringLiteral literal: StaticString) {
        text = literal.description
    }

    /// A literal with other texts in it.
    public init(stringInterpolation parts: Interpolation) {
        text = parts.text
    }

    /// The literal under way.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        /// An empty one.
        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        /// Adds a piece of the literal.
        public mutating func appendLiteral(_ literal: StaticString) {
            text += literal.description
        }

        /// Adds another text.
        public mutating func appendInterpolation(_ part: SQL) {
            text += part.text
        }
    }
}

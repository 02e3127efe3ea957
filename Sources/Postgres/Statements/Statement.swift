/// A statement as a type: its name, its text, and how a row of its answer is read. The text is a literal.
public struct Statement<Row: Sendable>: Sendable {
    let name: StaticString
    let text: StaticString
    let row: @Sendable (RowReader) throws -> Row

    /// States a statement.
    ///
    /// - Parameters:
    ///   - name: unique in the program; each connection prepares the statement under it, once.
    ///   - text: the SQL, with `$1`, `$2`, … for the parameters.
    ///   - row: reads a row of the answer.
    public init(
        _ name: StaticString, _ text: StaticString, row: @escaping @Sendable (RowReader) throws -> Row
    ) {
        self.name = name
        self.text = text
        self.row = row
    }
}

extension Statement where Row == Void {
    /// A statement whose rows, if any, do not matter.
    public init(_ name: StaticString, _ text: StaticString) {
        self.init(name, text) { _ in }
    }
}

/// A column that does not hold what the program expects.
public struct RowError: Error, Sendable {
    /// The column, from 0.
    public let column: Int
    /// What was expected there.
    public let expected: String
}

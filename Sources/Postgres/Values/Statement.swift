/// One SQL statement: its name, its text, and what a row of its result is.
///
/// Name and text come from source literals only, so nothing from outside can become SQL. The name must be
/// unique in the process: connections prepare each statement once under it.
public struct Statement<Row: Sendable>: Sendable {
    /// The name under which connections prepare it; also what errors call it.
    public let name: String
    /// The SQL, with `$1`… for the parameters.
    public let text: SQL
    let row: @Sendable (borrowing RowReader) throws -> Row

    /// A statement whose rows are read by the closure.
    ///
    /// - Parameters:
    ///   - name: up to 63 bytes, unique in the process.
    ///   - text: one SQL statement.
    ///   - row: reads one row, columns by position from 0. What it throws becomes a ``DatabaseError`` of kind
    ///     `.protocol`.
    public init(
        _ name: StaticString, _ text: SQL, row: @escaping @Sendable (borrowing RowReader) throws -> Row
    ) {
        self.name = name.description
        self.text = text
        self.row = row
    }
}

extension Statement where Row == Void {
    /// A statement whose rows, if there are any, nobody reads.
    public init(_ name: StaticString, _ text: SQL) {
        self.init(name, text) { _ in }
    }
}

internal import CPostgres

/// The rows of a statement that was sent; there once it has come back.
public final class Pending<Row: Sendable>: ResultSink {
    private let read: @Sendable (borrowing RowReader) throws -> Row
    private var result: (rows: [Row], affected: Int)?

    init(_ statement: Statement<Row>) {
        read = statement.row
    }

    /// The rows, after the flush (or the transaction's end) that brought them. Asking earlier is a mistake in the
    /// code and stops the process.
    public var rows: [Row] {
        guard let result else { preconditionFailure("rows read before the statement was flushed") }
        return result.rows
    }

    /// The first row, if there is any; after the flush.
    public var first: Row? { rows.first }

    /// How many rows were inserted, updated, deleted or selected; after the flush.
    public var affected: Int {
        guard let result else { preconditionFailure("count read before the statement was flushed") }
        return result.affected
    }

    func take(_ result: OpaquePointer, statement: String) throws {
        var rows: [Row] = []
        let count = unsafe PQntuples(result)
        rows.reserveCapacity(Int(count))
        for row in 0..<count { rows.append(try read(unsafe RowReader(result, row: row, statement: statement))) }
        let affected = unsafe Int(String(cString: PQcmdTuples(result))) ?? 0
        self.result = (rows, affected)
    }
}

/// The answer to a queued statement, once it is there.
public final class Pending<Row: Sendable> {
    private var answer: [Row]?

    init() {}

    /// The rows. To be read after the statement was flushed; empty before.
    public var rows: [Row] { answer ?? [] }

    /// The only or first row.
    public var first: Row? { answer?.first }

    func fill(_ rows: [Row]) {
        answer = rows
    }
}

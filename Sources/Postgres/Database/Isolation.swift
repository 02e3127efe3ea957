/// What a transaction sees of others (PostgreSQL manual, §13.2).
public enum Isolation: Sendable {
    /// Each statement sees what was committed before it began.
    case readCommitted
    /// The whole transaction sees one snapshot; may fail with 40001.
    case repeatableRead
    /// As if transactions ran one after another; may fail with 40001.
    case serializable

    var begin: Command {
        switch self {
        case .readCommitted: Command("pg_begin", "BEGIN", phase: .begin)
        case .repeatableRead: Command("pg_begin_rr", "BEGIN ISOLATION LEVEL REPEATABLE READ", phase: .begin)
        case .serializable: Command("pg_begin_s", "BEGIN ISOLATION LEVEL SERIALIZABLE", phase: .begin)
        }
    }
}

public import Accounts
public import Base
public import Postgres

/// Changes and revocations in PostgreSQL.
public final class ChangeRepository: ChangeStore {
    /// The channel on which the database announces changes.
    public static let channel: StaticString = "vestibule_changes"

    private let database: Database

    /// Reads from the given database.
    public init(database: Database) {
        self.database = database
    }

    /// The mark of the present moment; see ``ChangeStore``.
    public func horizon() async throws(Problem) -> ChangeHorizon {
        guard let mark = try await query(ChangeStatements.horizon).first else { return ChangeHorizon("0") }
        return ChangeHorizon(mark)
    }

    /// The changes from the mark on; see ``ChangeStore``.
    public func changes(
        since horizon: ChangeHorizon
    ) async throws(Problem) -> (changes: [ChangeNotice], next: ChangeHorizon) {
        let rows = try await query(ChangeStatements.changes, .text(horizon.text))
        let changes = rows.filter { $0.topic != "horizon" }.map { ChangeNotice(topic: $0.topic, key: $0.key) }
        return (changes, rows.first.map { ChangeHorizon($0.horizon) } ?? horizon)
    }

    /// Announces an echo; see ``ChangeStore``.
    public func echo(_ id: EntityID) async throws(Problem) {
        _ = try await query(ChangeStatements.echo, .text(id.description))
    }

    /// Every revocation; see ``ChangeStore``.
    public func revocations() async throws(Problem) -> [Revocation] {
        try await query(ChangeStatements.revocations).compactMap { $0 }
    }

    /// One revocation; see ``ChangeStore``.
    public func revocation(_ id: EntityID) async throws(Problem) -> Revocation? {
        try await query(ChangeStatements.revocation, .uuid(id)).first ?? nil
    }

    /// Forgets old changes; see ``ChangeStore``.
    public func prune() async throws(Problem) {
        _ = try await query(ChangeStatements.prune)
    }

    private func query<Row>(_ statement: Statement<Row>, _ parameters: Parameter...) async throws(Problem) -> [Row] {
        do {
            return switch parameters.count {
            case 0: try await database.query(statement)
            default: try await database.query(statement, parameters[0])
            }
        } catch {
            throw Problem.from(error)
        }
    }
}

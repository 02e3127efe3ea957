public import Base
public import Postgres

/// Reads that a standby answers while it is known to have replayed all that this process has heard of. One a loop.
///
/// The primary's position in the log, asked for behind a change, is a mark that the change lies below: a standby that has
/// replayed up to the mark shows it. With the next change the mark is void; the first read then goes to the primary and
/// brings a new one. Where no notices of changes flow, the standby lags or is away, the primary answers.
public final class StandbyReads {
    /// So long a mark is believed: a listener may be dead before it is known to be.
    public static let markLife = Duration.seconds(1)
    /// So long after the standby was of no use it is left alone.
    static let rest = Duration.milliseconds(100)
    /// So long is waited for it.
    public static let patience = Duration.milliseconds(500)

    private let primary: Database
    private let standby: Database
    private let version: () -> Int?
    private let loop: EventLoop
    private var mark: (version: Int, position: Int64, until: Instant)?
    private var restsUntil: Instant?

    /// - Parameter version: counts the changes that the process has heard of; nil while it may miss some.
    public init(primary: Database, standby: Database, loop: EventLoop, version: @escaping () -> Int?) {
        self.primary = primary
        self.standby = standby
        self.loop = loop
        self.version = version
    }

    /// The rows of a statement in one round trip, two where the standby was asked in vain.
    ///
    /// - Parameters:
    ///   - isWhole: whether rows of the standby are all that were looked for. What is not there is never believed of it:
    ///     of somebody who is new no change is told.
    ///   - send: queues the statement.
    func rows<Row: Sendable>(
        isWhole: ([Row]) -> Bool, _ send: (Transaction) -> Pending<Row>
    ) async throws -> [Row] {
        if let position = usableMark, let rows = await ask(from: position, send), isWhole(rows) { return rows }
        let (version, until) = (version(), loop.now + Self.markLife)
        let (position, rows) = try await primary.transaction { ($0.send(Self.written), send($0)) }
        if let version, let position = position.first { mark = (version, position, until) }
        return rows.rows
    }

    private var usableMark: Int64? {
        guard let mark, mark.version == version(), loop.now < mark.until else { return nil }
        return restsUntil.map { loop.now >= $0 } ?? true ? mark.position : nil
    }

    /// What the standby says; nil where it has not replayed that much, or says nothing.
    private func ask<Row: Sendable>(
        from position: Int64, _ send: (Transaction) -> Pending<Row>
    ) async -> [Row]? {
        // Its position first: what it has replayed by then, the statement behind it sees.
        let answer = try? await standby.transaction(timeout: Self.patience) { ($0.send(Self.replayed), send($0)) }
        if let (replayed, rows) = answer, let reached = replayed.first ?? nil, reached >= position { return rows.rows }
        restsUntil = loop.now + Self.rest
        return nil
    }

    private static let written = Statement<Int64>(
        "standby_written", "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
    ) { try $0.int(0) }

    /// None where it is no standby any more: then it goes its own way.
    private static let replayed = Statement<Int64?>(
        "standby_replayed",
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END"
    ) { try $0.optionalInt(0) }
}

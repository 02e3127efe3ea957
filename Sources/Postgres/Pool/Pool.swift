internal import Base

/// The connections of one loop.
final class Pool {
    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let log: Logger
    private let patience: Duration
    private var state: PoolState
    private var connections: [Int: Connection] = [:]
    private var waiters: [Int: (Result<Lease, DatabaseError>) -> Void] = [:]
    private var lastID = 0
    private var isAway = false

    /// A connection on loan.
    struct Lease {
        let id: Int
        let connection: Connection
    }

    init(
        loop: EventLoop, settings: ConnectionSettings, limit: Int, waiterLimit: Int, patience: Duration, log: Logger
    ) {
        self.loop = loop
        self.settings = settings
        self.log = log
        self.patience = patience
        state = PoolState(limit: limit, waiterLimit: waiterLimit)
    }

    func lease() async throws(DatabaseError) -> Lease {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Confined<Outcome>, Never>) in
            request { continuation.resume(returning: Confined($0)) }
        }
        return try result.value.get()
    }

    private typealias Outcome = Result<Lease, DatabaseError>

    func giveBack(_ lease: Lease) {
        let isGood = lease.connection.isReusable
        if !isGood { drop(lease.id) }
        perform(state.returned(lease.id, isGood: isGood))
    }

    func close() {
        for connection in connections.values { connection.close() }
        connections = [:]
    }

    private func request(_ take: @escaping (Result<Lease, DatabaseError>) -> Void) {
        lastID += 1
        let waiter = lastID
        waiters[waiter] = take
        perform(state.request(waiter))
        guard waiters[waiter] != nil else { return }
        loop.schedule(after: patience) { [weak self] in
            guard let self, state.withdraw(waiter) else { return }
            refuse([waiter], .busy)
        }
    }

    private func perform(_ action: PoolState.Action?) {
        switch action {
        case .lease(let id, let waiter):
            guard let connection = connections[id] else { return }
            waiters.removeValue(forKey: waiter)?(.success(Lease(id: id, connection: connection)))
        case .connect: connect()
        case .refuse(let refused, let kind): refuse(refused, kind)
        case .retry(let moment):
            loop.schedule(at: moment) { [weak self] in
                guard let self else { return }
                perform(state.retry(now: loop.clock.monotonic()))
            }
        case nil: break
        }
    }

    private func refuse(_ refused: [Int], _ kind: DatabaseError.Kind) {
        let cause = kind == .busy ? "all connections are in use" : "the server can't be reached"
        for waiter in refused {
            waiters.removeValue(forKey: waiter)?(.failure(DatabaseError(kind, .connect, cause: cause)))
        }
    }

    private func drop(_ id: Int) {
        connections.removeValue(forKey: id)?.close()
    }

    private func connect() {
        let settings = settings
        let loop = loop
        let pool = Confined(WeakPool(self))
        BackgroundThread.start("db-connect") {
            let outcome = Result { () throws(DatabaseError) in try Session.open(settings) }
            loop.execute { pool.value.pool?.opened(outcome) }
        }
    }

    private final class WeakPool {
        weak var pool: Pool?

        init(_ pool: Pool) {
            self.pool = pool
        }
    }

    private func opened(_ outcome: Result<Session, DatabaseError>) {
        do throws(DatabaseError) {
            let connection = try Connection(loop: loop, session: try outcome.get(), settings: settings)
            lastID += 1
            let id = lastID
            connections[id] = connection
            connection.onLost = { [weak self] in
                guard let self else { return }
                drop(id)
                perform(state.lost(id))
            }
            connection.run(Self.greeting(settings), phase: .connect) { [weak self] failure in
                guard let self else { return }
                if let failure {
                    drop(id)
                    failed(failure)
                } else {
                    if isAway { log.info("database_back") }
                    isAway = false
                    perform(state.connected(id))
                }
            }
        } catch {
            failed(error)
        }
    }

    private func failed(_ failure: DatabaseError) {
        if !isAway { log.warning("database_away", [.text("cause", failure.cause)]) }
        isAway = true
        for action in state.connectFailed(now: loop.clock.monotonic()) { perform(action) }
    }

    /// What every session begins with. Behind a pooler nothing may be set for longer than a transaction.
    private static func greeting(_ settings: ConnectionSettings) -> [Command] {
        if settings.isPooled { return [Command(control: "SELECT 1", expecting: "SELECT 1")] }
        var commands = [
            Command(control: "SET statement_timeout = '8s'", expecting: "SET"),
            Command(control: "SET lock_timeout = '5s'", expecting: "SET"),
            Command(control: "SET idle_in_transaction_session_timeout = '30s'", expecting: "SET"),
        ]
        if let role = settings.role { commands.append(Command(control: "SET ROLE \(role)", expecting: "SET")) }
        return commands
    }
}

public import Base

/// One loop's connections to PostgreSQL. On the loop's thread only.
public final class Database {
    let loop: EventLoop
    let settings: DatabaseSettings
    let session: SessionCommands
    private let uri: ConnectionURI
    let onEvent: ((DatabaseEvent) -> Void)?
    let randomness: Randomness

    private var pool: PoolMachine
    private var connectors: [Int: Connector] = [:]
    private var connections: [Int: Connection] = [:]
    private var waiters: [Int: (Result<Connection, DatabaseError>) -> Void] = [:]
    private var lastFailure: DatabaseError?
    private var timer: (at: Instant, timer: LoopTimer)?
    private var isDown = true
    private var tally = DatabaseStatistics()

    /// A database that connects at ``start()``, or when it is first used.
    ///
    /// - Parameter onEvent: told what a log should say, on the loop.
    public init(
        loop: EventLoop, uri: ConnectionURI, settings: DatabaseSettings = DatabaseSettings(),
        randomness: Randomness = .system, onEvent: ((DatabaseEvent) -> Void)? = nil
    ) {
        self.loop = loop
        self.uri = uri
        self.settings = settings
        self.randomness = randomness
        self.onEvent = onEvent
        session = SessionCommands(settings)
        pool = PoolMachine(settings.pool)
    }

    /// Opens the minimum of connections in the background.
    public func start() {
        perform(pool.start(at: loop.clock.monotonic()))
    }

    /// Ends idle connections now and the others as they come back. Nothing can be asked afterwards.
    public func close() {
        perform(pool.close())
        timer?.timer.cancel()
        timer = nil
    }

    /// Counts since the beginning, and the present state.
    public var statistics: DatabaseStatistics {
        var all = tally
        for connection in connections.values { all.add(connection.counts) }
        all.live = pool.live
        all.idle = pool.idleCount
        all.waiting = pool.waiting
        return all
    }

    /// Somebody else of the process has reached the server: it is tried at once, if it was away.
    public func revive() {
        perform(pool.revive(at: loop.clock.monotonic()))
    }

    /// Whether the server is away: every question would be refused at once.
    public var isAway: Bool { pool.isCircuitOpen }
}

// MARK: - Lending

extension Database {
    /// Calls back with a connection, at once when one is idle.
    func acquire(_ then: @escaping (Result<Connection, DatabaseError>) -> Void) {
        switch pool.acquire(at: loop.now) {
        case .lent(let id):
            guard let connection = connections[id] else { return then(.failure(refusal(.unavailable))) }
            then(.success(connection))
        case .waits(let id, let actions):
            waiters[id] = then
            perform(actions)
        case .refused(let why):
            then(.failure(refusal(why)))
        }
    }

    /// Takes a connection back; one that is not between transactions is rolled back first, or closed.
    func release(_ connection: Connection) {
        if connection.isIdle { return perform(pool.released(connection.id, at: loop.now)) }
        guard connection.isOpen else { return }
        rollBack(connection) { [self] error in
            if let error { onEvent?(.rollbackFailed(error)) }
            if connection.isIdle { return perform(pool.released(connection.id, at: loop.now)) }
            discard(connection)
        }
    }

    /// Ends the transaction without a result.
    func rollBack(_ connection: Connection, then: @escaping (DatabaseError?) -> Void) {
        run([SessionCommands.rollback], on: connection, commits: false, timeout: nil, then: then)
    }

    /// Sends the statements as one round trip.
    func run(
        _ commands: [Command], on connection: Connection, commits: Bool, timeout: Duration?,
        then: @escaping (DatabaseError?) -> Void
    ) {
        let deadline = loop.now + (timeout ?? settings.timeout)
        connection.run(Unit(commands, deadline: deadline, commits: commits, completion: then))
        wake(at: deadline)
    }

    private func discard(_ connection: Connection) {
        connection.close()
        remove(connection)
        perform(pool.lost(connection.id, at: loop.now))
    }

    private func remove(_ connection: Connection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        tally.add(connection.counts)
    }

    private func refusal(_ why: PoolMachine.Refusal) -> DatabaseError {
        switch why {
        case .busy:
            tally.refusals += 1
            return DatabaseError(.busy, phase: .connect, cause: "all \(settings.pool.maximum) connections are in use")
        case .unavailable:
            return lastFailure?.with(phase: .connect, isCommitUnknown: false)
                ?? DatabaseError(.unavailable, phase: .connect, cause: "there is no connection")
        }
    }
}

// MARK: - Connections

extension Database {
    private func perform(_ actions: [PoolMachine.Action]) {
        for action in actions {
            switch action {
            case .open(let id): open(id)
            case .close(let id):
                connectors.removeValue(forKey: id)?.cancel()
                if let connection = connections[id] {
                    connection.close()
                    remove(connection)
                }
            case .lend(let id, let waiter):
                guard let then = waiters.removeValue(forKey: waiter) else { continue }
                if let connection = connections[id] {
                    then(.success(connection))
                } else {
                    then(.failure(refusal(.unavailable)))
                }
            case .refuse(let waiter, let why): waiters.removeValue(forKey: waiter)?(.failure(refusal(why)))
            }
        }
        if let deadline = pool.deadline { wake(at: deadline) }
    }

    private func open(_ id: Int) {
        let connector = Connector(
            loop: loop, uri: uri, extra: session.connection, patience: settings.connectTimeout
        ) { [weak self] result in
            self?.opened(id, result)
        }
        connectors[id] = connector
        connector.start()
    }

    private func opened(_ id: Int, _ result: Result<Handle, DatabaseError>) {
        connectors[id] = nil
        do throws(DatabaseError) {
            let handle = try result.get()
            let connection = try take(handle, id: id)
            connections[id] = connection
            let commands = session.setUp
            if commands.isEmpty { return stands(connection) }
            run(commands, on: connection, commits: false, timeout: settings.connectTimeout) { [self] error in
                guard let error else { return stands(connection) }
                connection.close()
                remove(connection)
                couldNotOpen(id, error.with(phase: .connect))
            }
        } catch {
            couldNotOpen(id, error)
        }
    }

    private func take(_ handle: Handle, id: Int) throws(DatabaseError) -> Connection {
        do throws(SystemError) {
            return try Connection(id: id, handle: handle, loop: loop, usesNames: settings.mode == .session) {
                [weak self] connection, error in
                self?.lost(connection, error)
            }
        } catch {
            throw DatabaseError(.unavailable, phase: .connect, cause: error.description)
        }
    }

    private func stands(_ connection: Connection) {
        tally.connects += 1
        lastFailure = nil
        if isDown { onEvent?(.connected) }
        isDown = false
        perform(pool.connected(connection.id, at: loop.now))
    }

    private func couldNotOpen(_ id: Int, _ error: DatabaseError) {
        tally.connectFailures += 1
        // Whatever keeps a connection from opening, to callers the database is not there.
        let failure = DatabaseError(.unavailable, phase: .connect, sqlState: error.sqlState, cause: error.cause)
        lastFailure = failure
        onEvent?(.connectFailed(failure))
        let random = randomness.bytes(1).first ?? 0
        perform(pool.failed(id, at: loop.now, jitter: Double(random) / 256))
        if pool.isCircuitOpen { isDown = true }
    }

    private func lost(_ connection: Connection, _ error: DatabaseError) {
        guard connections[connection.id] != nil else { return }
        remove(connection)
        tally.losses += 1
        if error.kind == .timeout { tally.timeouts += 1 }
        onEvent?(.lost(error))
        perform(pool.lost(connection.id, at: loop.now))
    }
}

// MARK: - Time

extension Database {
    /// One timer for all deadlines: most are over before they come, so each costs a comparison.
    private func wake(at deadline: Instant) {
        if let timer, timer.at <= deadline { return }
        timer?.timer.cancel()
        timer = (deadline, loop.schedule(at: deadline) { [weak self] in self?.sweep() })
    }

    private func sweep() {
        timer = nil
        let now = loop.clock.monotonic()
        for connection in connections.values.sorted(by: { $0.id < $1.id }) {
            if let deadline = connection.deadline, deadline <= now { connection.expire() }
        }
        perform(pool.tick(at: now))
        for connection in connections.values {
            if let deadline = connection.deadline { wake(at: deadline) }
        }
    }
}

extension DatabaseStatistics {
    fileprivate mutating func add(_ counts: Connection.Counts) {
        roundTrips += counts.roundTrips
        statements += counts.statements
        prepares += counts.prepares
    }
}

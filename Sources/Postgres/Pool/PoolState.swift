internal import Base

/// What a pool knows, without the connections themselves: who waits, what is free, and whether the server is away.
///
/// Every input returns what is to be done about it.
struct PoolState {
    enum Action: Equatable {
        /// Give the free connection to the one who waits.
        case lease(connection: Int, waiter: Int)
        /// Make a connection.
        case connect
        /// Refuse those who wait.
        case refuse(waiters: [Int], kind: DatabaseError.Kind)
        /// Come back with ``retry(now:)`` at that moment.
        case retry(at: Instant)
    }

    private let limit: Int
    private let waiterLimit: Int
    private var free: [Int] = []
    private var open = 0
    private var connecting = 0
    private var waiters: [Int] = []
    private var failures = 0
    private var awayUntil: Instant?

    /// - Parameters:
    ///   - limit: connections at most.
    ///   - waiterLimit: those who may wait for one; more are refused at once.
    init(limit: Int, waiterLimit: Int) {
        self.limit = limit
        self.waiterLimit = waiterLimit
    }

    var waiting: Int { waiters.count }

    mutating func request(_ waiter: Int) -> Action? {
        if let connection = free.popLast() { return .lease(connection: connection, waiter: waiter) }
        // Nobody waits for a server that did not answer a moment ago.
        if awayUntil != nil, open == 0 { return .refuse(waiters: [waiter], kind: .unavailable) }
        guard waiters.count < waiterLimit else { return .refuse(waiters: [waiter], kind: .busy) }
        waiters.append(waiter)
        guard open + connecting < limit, connecting < waiters.count else { return nil }
        connecting += 1
        return .connect
    }

    /// A waiter gave up; false when it had been served already.
    mutating func withdraw(_ waiter: Int) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    mutating func connected(_ connection: Int) -> Action? {
        connecting -= 1
        open += 1
        failures = 0
        awayUntil = nil
        return offer(connection)
    }

    mutating func connectFailed(now: Instant) -> [Action] {
        connecting -= 1
        failures = min(failures + 1, 8)
        let delay = Duration.milliseconds(min(2000, 50 << failures))
        let until = now + delay
        awayUntil = until
        var actions = [Action.retry(at: until)]
        if open == 0, !waiters.isEmpty {
            actions.append(.refuse(waiters: waiters, kind: .unavailable))
            waiters = []
        }
        return actions
    }

    /// Time to see whether the server is back.
    mutating func retry(now: Instant) -> Action? {
        guard let until = awayUntil, now >= until, connecting == 0 else { return nil }
        connecting += 1
        return .connect
    }

    mutating func returned(_ connection: Int, isGood: Bool) -> Action? {
        if isGood { return offer(connection) }
        open -= 1
        return replaceLost()
    }

    /// A free connection was lost.
    mutating func lost(_ connection: Int) -> Action? {
        free.removeAll { $0 == connection }
        open -= 1
        return replaceLost()
    }

    private mutating func offer(_ connection: Int) -> Action? {
        if waiters.isEmpty {
            free.append(connection)
            return nil
        }
        return .lease(connection: connection, waiter: waiters.removeFirst())
    }

    private mutating func replaceLost() -> Action? {
        guard !waiters.isEmpty, connecting == 0 else { return nil }
        connecting += 1
        return .connect
    }
}

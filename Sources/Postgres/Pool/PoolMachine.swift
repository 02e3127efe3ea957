internal import Base

/// Decides who gets which connection and when connections open and close; touches none of them.
///
/// Each input returns what to do about it. A connection is `connecting`, then `idle` or `busy` in turn, then gone. While
/// attempts fail and no connection lives, the circuit is open: callers are refused at once, and one attempt
/// at a time, ever more rarely, looks whether the server is back.
struct PoolMachine {
    /// What the shell has to do.
    enum Action: Equatable {
        /// Begin to open a connection with this id.
        case open(Int)
        /// Close the connection, or stop opening it; no input follows for it.
        case close(Int)
        /// Give the connection to the waiter.
        case lend(Int, waiter: Int)
        /// Tell the waiter that it gets none.
        case refuse(waiter: Int, Refusal)
    }

    /// Why a caller gets no connection.
    enum Refusal: Equatable {
        /// Connections live, but others are first.
        case busy
        /// The server can't be reached, or the pool is closing.
        case unavailable
    }

    /// The answer to somebody who wants a connection.
    enum Answer: Equatable {
        case lent(Int)
        /// Under this number; a ``Action/lend(_:waiter:)`` or ``Action/refuse(waiter:_:)`` will follow.
        case waits(Int, [Action])
        case refused(Refusal)
    }

    private enum Member {
        case connecting
        case idle(since: Instant)
        case busy
    }

    let settings: PoolSettings
    private var members: [Int: Member] = [:]
    /// Idle connections; the last one was used last and is lent first.
    private var idle: [Int] = []
    private var waiters = WaiterQueue()
    private var estimate = WaitEstimate()
    private var connecting = 0
    private var nextConnection = 0
    private var nextWaiter = 0
    /// Failed attempts since the last success.
    private var failures = 0
    private var retryAt = Instant(nanoseconds: .min)
    private(set) var isClosing = false

    init(_ settings: PoolSettings) {
        self.settings = settings
    }

    /// Connections that stand, lent or not.
    var live: Int { members.count - connecting }
    /// Connections nobody uses.
    var idleCount: Int { idle.count }
    /// Callers in line.
    var waiting: Int { waiters.count }
    /// Whether callers are refused because the server is away.
    var isCircuitOpen: Bool { failures > 0 && live == 0 }

    /// Opens the minimum.
    mutating func start(at now: Instant) -> [Action] {
        fill(at: now)
    }

    /// Somebody wants a connection.
    mutating func acquire(at now: Instant) -> Answer {
        if isClosing { return .refused(.unavailable) }
        if let connection = idle.popLast() {
            members[connection] = .busy
            return .lent(connection)
        }
        if isCircuitOpen { return .refused(.unavailable) }
        // One who waits for a connection that is being opened for them is in line too.
        guard waiters.count < settings.waiters, !estimate.isTooLong(behind: waiters.count, at: now, settings) else {
            return .refused(.busy)
        }
        if waiters.count == 0 { estimate.formed(at: now) }
        nextWaiter += 1
        waiters.append(WaiterQueue.Waiter(id: nextWaiter, deadline: now + settings.patience))
        return .waits(nextWaiter, fill(at: now))
    }

    /// An attempt succeeded.
    mutating func connected(_ connection: Int, at now: Instant) -> [Action] {
        guard case .connecting? = members[connection] else { return [.close(connection)] }
        connecting -= 1
        failures = 0
        return settle(connection, at: now) + fill(at: now)
    }

    /// An attempt failed.
    ///
    /// - Parameter jitter: from 0 up to 1, so that many instances don't come back in step.
    mutating func failed(_ connection: Int, at now: Instant, jitter: Double) -> [Action] {
        guard case .connecting? = members.removeValue(forKey: connection) else { return [] }
        connecting -= 1
        failures += 1
        retryAt = now + pause(jitter: jitter)
        guard live == 0, connecting == 0 else { return [] }
        estimate.dissolved()
        return waiters.removeAll().map { .refuse(waiter: $0.id, .unavailable) }
    }

    /// A lent connection comes back in good order.
    mutating func released(_ connection: Int, at now: Instant) -> [Action] {
        guard case .busy? = members[connection] else { return [] }
        return settle(connection, at: now)
    }

    /// A connection is gone.
    mutating func lost(_ connection: Int, at now: Instant) -> [Action] {
        guard let member = members.removeValue(forKey: connection) else { return [] }
        switch member {
        case .connecting: connecting -= 1
        case .idle: idle.removeAll { $0 == connection }
        case .busy: break
        }
        return fill(at: now)
    }

    /// Time has passed.
    mutating func tick(at now: Instant) -> [Action] {
        var actions: [Action] = []
        while let waiter = waiters.first, waiter.deadline <= now {
            waiters.removeFirst()
            actions.append(.refuse(waiter: waiter.id, live == 0 ? .unavailable : .busy))
        }
        if waiters.count == 0 { estimate.dissolved() }
        while let oldest = idleExpiry, oldest <= now { actions.append(closeOldest()) }
        return actions + fill(at: now)
    }

    /// When ``tick(at:)`` is to be called next at the latest.
    var deadline: Instant? {
        var times: [Instant] = []
        if let waiter = waiters.first { times.append(waiter.deadline) }
        if let oldest = idleExpiry { times.append(oldest) }
        if failures > 0, wanted > 0 { times.append(retryAt) }
        return times.min()
    }

    /// Somebody else has reached the server: what has failed so far says nothing any more, and one attempt begins at
    /// once. Who comes now waits for it.
    mutating func revive(at now: Instant) -> [Action] {
        guard isCircuitOpen else { return [] }
        failures = 0
        guard connecting == 0, members.count < settings.maximum, !isClosing else { return [] }
        return [open()]
    }

    /// No more connections are lent. Lent ones are closed as they come back.
    mutating func close() -> [Action] {
        isClosing = true
        var actions: [Action] = waiters.removeAll().map { .refuse(waiter: $0.id, .unavailable) }
        for (connection, member) in members.sorted(by: { $0.key < $1.key }) {
            if case .busy = member { continue }
            members[connection] = nil
            actions.append(.close(connection))
        }
        idle.removeAll()
        connecting = 0
        return actions
    }
}

// MARK: - Decisions

extension PoolMachine {
    /// To the first in line, or to rest.
    private mutating func settle(_ connection: Int, at now: Instant) -> [Action] {
        if isClosing {
            members[connection] = nil
            return [.close(connection)]
        }
        if let waiter = waiters.first {
            waiters.removeFirst()
            estimate.moved(at: now)
            if waiters.count == 0 { estimate.dissolved() }
            members[connection] = .busy
            return [.lend(connection, waiter: waiter.id)]
        }
        members[connection] = .idle(since: now)
        idle.append(connection)
        return []
    }

    /// How many connections should begin to open, were there no failures.
    private var wanted: Int {
        if isClosing { return 0 }
        let short = max(settings.minimum - members.count, waiters.count - connecting)
        let probe = isCircuitOpen && connecting == 0 ? 1 : 0
        return min(settings.maximum - members.count, max(short, probe))
    }

    private mutating func fill(at now: Instant) -> [Action] {
        var count = wanted
        if failures > 0 { count = now >= retryAt && connecting == 0 ? min(1, count) : 0 }
        guard count > 0 else { return [] }
        return (0..<count).map { _ in open() }
    }

    private mutating func open() -> Action {
        nextConnection += 1
        members[nextConnection] = .connecting
        connecting += 1
        return .open(nextConnection)
    }

    /// When the connection that rests longest has rested long enough; nil when it is to stay.
    private var idleExpiry: Instant? {
        guard live > settings.minimum, let oldest = idle.first, case .idle(let since)? = members[oldest] else {
            return nil
        }
        return since + settings.idleLimit
    }

    private mutating func closeOldest() -> Action {
        let oldest = idle.removeFirst()
        members[oldest] = nil
        return .close(oldest)
    }

    /// Twice as long after each failure, up to the limit, less up to a half by chance.
    private func pause(jitter: Double) -> Duration {
        let doubled = settings.backoff * (1 << min(failures - 1, 20))
        let whole = min(doubled, settings.backoffLimit)
        return whole * (1 - min(max(jitter, 0), 1) / 2)
    }
}

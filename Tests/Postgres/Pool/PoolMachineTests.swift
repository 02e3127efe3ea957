import Base
import Testing

@testable import Postgres

@Suite("Pool")
struct PoolMachineTests {
    private static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func machine(
        minimum: Int = 0, maximum: Int = 2, waiters: Int = 3, idleLimit: Duration = .seconds(60)
    ) -> PoolMachine {
        PoolMachine(
            PoolSettings(
                minimum: minimum, maximum: maximum, waiters: waiters, patience: .seconds(1),
                backoff: .milliseconds(100), backoffLimit: .milliseconds(800), idleLimit: idleLimit))
    }

    /// A machine with connections 1…n, all idle.
    private func standing(
        _ count: Int, maximum: Int = 2, idleLimit: Duration = .seconds(60), minimum: Int? = nil
    ) -> PoolMachine {
        var pool = machine(minimum: minimum ?? count, maximum: maximum, idleLimit: idleLimit)
        _ = pool.start(at: Self.at(0))
        if minimum ?? count < count { for _ in 1...count { _ = pool.acquire(at: Self.at(0)) } }
        for id in 1...count { _ = pool.connected(id, at: Self.at(0)) }
        for id in 1...count { _ = pool.released(id, at: Self.at(0)) }
        return pool
    }

    @Test("The minimum is opened at the start", arguments: [0, 1, 2])
    func start(_ minimum: Int) {
        var pool = machine(minimum: minimum)
        #expect(pool.start(at: Self.at(0)) == (0..<minimum).map { .open($0 + 1) })
    }

    @Test("Who comes first waits for the connection that is opened for them")
    func firstCaller() {
        var pool = machine()
        #expect(pool.acquire(at: Self.at(0)) == .waits(1, [.open(1)]))
        #expect(pool.connected(1, at: Self.at(5)) == [.lend(1, waiter: 1)])
        #expect(pool.released(1, at: Self.at(6)) == [])
        #expect(pool.acquire(at: Self.at(7)) == .lent(1))
    }

    @Test("One connection is opened for each who waits, up to the maximum")
    func opensUpToMaximum() {
        var pool = machine(maximum: 2)
        #expect(pool.acquire(at: Self.at(0)) == .waits(1, [.open(1)]))
        #expect(pool.acquire(at: Self.at(0)) == .waits(2, [.open(2)]))
        #expect(pool.acquire(at: Self.at(0)) == .waits(3, []))
    }

    @Test("When somebody else has reached the server, one attempt begins at once and who comes waits for it")
    func revived() {
        var pool = machine(minimum: 1)
        _ = pool.start(at: Self.at(0))
        _ = pool.failed(1, at: Self.at(1), jitter: 0)
        #expect(pool.acquire(at: Self.at(2)) == .refused(.unavailable))
        #expect(pool.revive(at: Self.at(3)) == [.open(2)])
        #expect(pool.revive(at: Self.at(3)) == [])
        guard case .waits(1, []) = pool.acquire(at: Self.at(4)) else {
            Issue.record("nobody waits")
            return
        }
        #expect(pool.connected(2, at: Self.at(5)) == [.lend(2, waiter: 1)])
        #expect(pool.revive(at: Self.at(6)) == [])
    }

    @Test("An attempt of one that was revived in vain refuses those who waited")
    func revivedInVain() {
        var pool = machine(minimum: 1)
        _ = pool.start(at: Self.at(0))
        _ = pool.failed(1, at: Self.at(1), jitter: 0)
        #expect(pool.revive(at: Self.at(3)) == [.open(2)])
        guard case .waits = pool.acquire(at: Self.at(4)) else {
            Issue.record("nobody waits")
            return
        }
        #expect(pool.failed(2, at: Self.at(5), jitter: 0) == [.refuse(waiter: 1, .unavailable)])
        #expect(pool.deadline == Self.at(105))
    }

    /// A machine with one connection, which is lent, and a line behind it that moves once in 100 ms; returns how many
    /// of ten who come within each of these steps are let into the line, step by step.
    private static func admitted(steps: Int, arriving: Int = 10) -> [Int] {
        var pool = PoolMachine(
            PoolSettings(
                minimum: 1, maximum: 1, patience: .seconds(3), crowdTime: .seconds(2), standingWait: .milliseconds(500))
        )
        _ = pool.start(at: at(0))
        _ = pool.connected(1, at: at(0))
        _ = pool.acquire(at: at(0))
        return (0..<steps).map { step in
            var count = 0
            for _ in 0..<arriving {
                if case .waits = pool.acquire(at: at(Int64(step) * 100)) { count += 1 }
            }
            _ = pool.tick(at: at(Int64(step) * 100 + 99))
            _ = pool.released(1, at: at(Int64(step) * 100 + 100))
            return count
        }
    }

    @Test("A crowd is let in as long as it will be served in time; nobody waits in vain")
    func crowd() {
        let admitted = Self.admitted(steps: 10)
        // Thirty are three seconds.
        #expect(admitted.reduce(0, +) - 10 <= 31)
        #expect(admitted.prefix(3).allSatisfy { $0 == 10 })
    }

    @Test("A line that stands is kept short, and moves all the time")
    func standing() {
        let admitted = Self.admitted(steps: 100)
        // In the end as many come in as are served, and none waits longer than half a second.
        #expect(admitted.suffix(40).reduce(0, +) == 40)
        #expect(admitted[22..<40].allSatisfy { $0 == 0 })
    }

    @Test("After the line is gone, it is a crowd again")
    func afterwards() {
        var pool = standing(1, maximum: 1)
        #expect(pool.acquire(at: Self.at(0)) == .lent(1))
        #expect(pool.acquire(at: Self.at(0)) == .waits(1, []))
        #expect(pool.released(1, at: Self.at(900)) == [.lend(1, waiter: 1)])
        #expect(pool.released(1, at: Self.at(9000)) == [])
        #expect(pool.acquire(at: Self.at(9000)) == .lent(1))
        // The machine's patience is a second.
        for waiter in 2...3 { #expect(pool.acquire(at: Self.at(9000)) == .waits(waiter, [])) }
        #expect(pool.acquire(at: Self.at(9000)) == .refused(.busy))
    }

    @Test("Connections go to those who wait in the order they came")
    func order() {
        var pool = standing(1, maximum: 1)
        #expect(pool.acquire(at: Self.at(0)) == .lent(1))
        #expect(pool.acquire(at: Self.at(1)) == .waits(1, []))
        #expect(pool.acquire(at: Self.at(2)) == .waits(2, []))
        #expect(pool.released(1, at: Self.at(3)) == [.lend(1, waiter: 1)])
        #expect(pool.released(1, at: Self.at(4)) == [.lend(1, waiter: 2)])
        #expect(pool.released(1, at: Self.at(5)) == [])
        #expect(pool.idleCount == 1)
    }

    @Test("The connection used last is lent first")
    func lastUsedFirst() {
        var pool = standing(2)
        #expect(pool.acquire(at: Self.at(1)) == .lent(2))
        #expect(pool.acquire(at: Self.at(1)) == .lent(1))
        _ = pool.released(1, at: Self.at(2))
        _ = pool.released(2, at: Self.at(3))
        #expect(pool.acquire(at: Self.at(4)) == .lent(2))
    }

    @Test("As many wait as may; the next is refused at once")
    func boundedWaiters() {
        var pool = standing(1, maximum: 1)
        _ = pool.acquire(at: Self.at(0))
        for waiter in 1...3 { #expect(pool.acquire(at: Self.at(0)) == .waits(waiter, [])) }
        #expect(pool.acquire(at: Self.at(0)) == .refused(.busy))
        _ = pool.released(1, at: Self.at(1))
        #expect(pool.acquire(at: Self.at(1)) == .waits(4, []))
    }

    @Test("Patience ends at its deadline and not before")
    func patience() {
        var pool = standing(1, maximum: 1)
        _ = pool.acquire(at: Self.at(0))
        _ = pool.acquire(at: Self.at(10))
        _ = pool.acquire(at: Self.at(20))
        #expect(pool.deadline == Self.at(1010))
        #expect(pool.tick(at: Self.at(1009)) == [])
        #expect(pool.tick(at: Self.at(1010)) == [.refuse(waiter: 1, .busy)])
        #expect(pool.deadline == Self.at(1020))
        #expect(pool.released(1, at: Self.at(1011)) == [.lend(1, waiter: 2)])
    }

    @Test("A failed first attempt refuses all who wait, and opens the circuit")
    func circuitOpens() {
        var pool = machine()
        _ = pool.acquire(at: Self.at(0))
        _ = pool.acquire(at: Self.at(0))
        #expect(pool.failed(1, at: Self.at(10), jitter: 0) == [])
        #expect(pool.isCircuitOpen)
        #expect(
            pool.failed(2, at: Self.at(11), jitter: 0) == [
                .refuse(waiter: 1, .unavailable), .refuse(waiter: 2, .unavailable),
            ])
        #expect(pool.acquire(at: Self.at(12)) == .refused(.unavailable))
    }

    @Test("While the server is away one attempt at a time looks for it, ever more rarely")
    func probes() {
        var pool = machine()
        _ = pool.acquire(at: Self.at(0))
        var now: Int64 = 0
        var pauses: [Int64] = []
        for attempt in 1...6 {
            _ = pool.failed(attempt, at: Self.at(now), jitter: 0)
            let next = (pool.deadline?.nanoseconds ?? 0) / 1_000_000
            #expect(pool.tick(at: Self.at(next - 1)) == [])
            #expect(pool.tick(at: Self.at(next)) == [.open(attempt + 1)])
            #expect(pool.tick(at: Self.at(next + 10_000)) == [], "one attempt at a time")
            #expect(pool.acquire(at: Self.at(next)) == .refused(.unavailable), "a probe under way changes nothing")
            pauses.append(next - now)
            now = next
        }
        #expect(pauses == [100, 200, 400, 800, 800, 800])
        #expect(pool.connected(7, at: Self.at(now)) == [])
        #expect(pool.acquire(at: Self.at(now)) == .lent(7))
        #expect(!pool.isCircuitOpen)
    }

    @Test(
        "Chance shortens the pause by up to a half",
        arguments: [(0.0, 100), (0.5, 75), (1.0, 50), (7.0, 50), (-1.0, 100)] as [(Double, Int64)])
    func jitter(_ jitter: Double, _ pause: Int64) {
        var pool = machine(minimum: 1)
        _ = pool.start(at: Self.at(0))
        _ = pool.failed(1, at: Self.at(0), jitter: jitter)
        #expect(pool.deadline == Self.at(pause))
    }

    @Test("A lost connection is replaced at once, and those who wait are patient until that fails")
    func replaced() {
        var pool = standing(1, maximum: 1)
        _ = pool.acquire(at: Self.at(0))
        _ = pool.acquire(at: Self.at(0))
        #expect(pool.lost(1, at: Self.at(1)) == [.open(2)])
        #expect(pool.acquire(at: Self.at(1)) == .waits(2, []))
        #expect(
            pool.failed(2, at: Self.at(2), jitter: 0) == [
                .refuse(waiter: 1, .unavailable), .refuse(waiter: 2, .unavailable),
            ])
        #expect(pool.released(1, at: Self.at(3)) == [], "what is lost does not come back")
    }

    @Test("While others live, a failed attempt refuses nobody, and the next one is not made too soon")
    func partialFailure() {
        var pool = standing(1, maximum: 3, minimum: 1)
        _ = pool.acquire(at: Self.at(0))
        #expect(pool.acquire(at: Self.at(0)) == .waits(1, [.open(2)]))
        #expect(pool.failed(2, at: Self.at(1), jitter: 0) == [])
        #expect(!pool.isCircuitOpen)
        #expect(pool.acquire(at: Self.at(2)) == .waits(2, []))
        #expect(pool.tick(at: Self.at(100)) == [])
        #expect(pool.tick(at: Self.at(101)) == [.open(3)])
        #expect(pool.released(1, at: Self.at(102)) == [.lend(1, waiter: 1)])
        #expect(pool.connected(3, at: Self.at(103)) == [.lend(3, waiter: 2)])
    }

    @Test("Idle connections above the minimum are closed after their time, the one idle longest first")
    func idleClosing() {
        var pool = standing(3, maximum: 3, idleLimit: .milliseconds(50), minimum: 1)
        for id in [3, 2, 1] { #expect(pool.acquire(at: Self.at(0)) == .lent(id)) }
        _ = pool.released(1, at: Self.at(10))
        _ = pool.released(2, at: Self.at(20))
        _ = pool.released(3, at: Self.at(30))
        #expect(pool.tick(at: Self.at(59)) == [])
        #expect(pool.tick(at: Self.at(60)) == [.close(1)])
        #expect(pool.tick(at: Self.at(80)) == [.close(2)])
        #expect(pool.tick(at: Self.at(500)) == [])
        #expect(pool.deadline == nil)
        #expect(pool.live == 1)
    }

    @Test("An idle connection that is lost is not lent")
    func lostIdle() {
        var pool = standing(2, minimum: 1)
        #expect(pool.lost(2, at: Self.at(1)) == [])
        #expect(pool.acquire(at: Self.at(2)) == .lent(1))
        #expect(pool.lost(1, at: Self.at(3)) == [.open(3)])
    }

    @Test("Closing refuses who waits, ends what is idle or opening, and lent ones as they come back")
    func closing() {
        var pool = standing(1, maximum: 2)
        _ = pool.acquire(at: Self.at(0))
        #expect(pool.acquire(at: Self.at(0)) == .waits(1, [.open(2)]))
        #expect(pool.close() == [.refuse(waiter: 1, .unavailable), .close(2)])
        #expect(pool.acquire(at: Self.at(1)) == .refused(.unavailable))
        #expect(pool.connected(2, at: Self.at(2)) == [.close(2)])
        #expect(pool.released(1, at: Self.at(3)) == [.close(1)])
        #expect(pool.live == 0)
        #expect(pool.tick(at: Self.at(10_000)) == [])
        #expect(pool.deadline == nil)
    }

    @Test("Settings out of range move to the nearest end")
    func settings() {
        let settings = PoolSettings(minimum: 9, maximum: 0, waiters: -1, backoff: .zero, backoffLimit: .zero)
        #expect(settings.maximum == 1)
        #expect(settings.minimum == 1)
        #expect(settings.waiters == 0)
        #expect(settings.backoff == .milliseconds(1))
        #expect(settings.backoffLimit == .milliseconds(1))
    }
}

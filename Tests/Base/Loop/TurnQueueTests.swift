import Base
import Support
import Testing

/// Costly work that takes turns.
@Suite(.timeLimit(.minutes(1))) struct TurnQueueTests {
    @Test("each round of the loop has one piece of long work, and who came first goes first")
    func order() async throws {
        let runner = try LoopRunner()
        let rounds = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            for number in 0..<1200 {
                loop.spawn {
                    await queue.inTurn {
                        log.entries.append((number, loop.now))
                        Self.work(loop, for: TurnQueue.share)
                    }
                }
            }
            log.begun = loop.now
            #expect(!queue.take(), "somebody waits")
            while log.entries.count < 1200 { await loop.sleep(for: .milliseconds(1)) }
            return (numbers: log.entries.map(\.number), rounds: log.entries.map(\.round), begun: log.begun)
        }
        #expect(rounds.numbers == Array(0..<1200))
        #expect(Set(rounds.rounds).count == 1200, "one a round")
        #expect(!rounds.rounds.contains { $0 == rounds.begun }, "none in the round in which they came")
    }

    @Test("a round takes as much short work as its share has room for")
    func share() async throws {
        let runner = try LoopRunner()
        let rounds = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            for number in 0..<1000 {
                loop.spawn { await queue.inTurn { log.entries.append((number, loop.now)) } }
            }
            while log.entries.count < 1000 { await loop.sleep(for: .milliseconds(1)) }
            return log.entries
        }
        #expect(rounds.map(\.number) == Array(0..<1000))
        #expect(Set(rounds.map(\.round)).count < 1000)
    }

    @Test("the first piece of a round is done at once however old the round is; no other one in an old round")
    func free() async throws {
        let runner = try LoopRunner()
        try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            for _ in 0..<3 {
                await loop.sleep(for: .milliseconds(1))
                Self.work(loop, for: TurnQueue.share)
                #expect(queue.take())
                #expect(!queue.take())
            }
            // One that has waited counts as its round's.
            await queue.inTurn { Self.work(loop, for: TurnQueue.share) }
            #expect(!queue.take())
        }
    }

    @Test("calls and tasks wait in one line, and a call has its turn once")
    func calls() async throws {
        let runner = try LoopRunner()
        let log = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            var grants: [Bool] = []
            for number in 0..<100 {
                if number.isMultiple(of: 2) {
                    queue.whenFree {
                        log.entries.append((number, loop.now))
                        grants += [queue.take(), queue.take()]
                        Self.work(loop, for: TurnQueue.share)
                    }
                } else {
                    loop.spawn { await queue.inTurn { log.entries.append((number, loop.now)) } }
                }
            }
            #expect(log.entries.isEmpty, "none in the round in which they came")
            while log.entries.count < 100 { await loop.sleep(for: .milliseconds(1)) }
            return (numbers: log.entries.map(\.number), rounds: Set(log.entries.map(\.round)).count, grants: grants)
        }
        #expect(log.numbers == Array(0..<100))
        #expect(log.rounds >= 50, "no two long ones in one round")
        // Somebody waits behind each call, so that another turn is not to be had.
        #expect(log.grants == (0..<50).flatMap { _ in [true, false] })
    }

    @Test("what needs no turn is not kept waiting by those who do")
    func fairness() async throws {
        let runner = try LoopRunner()
        let before = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            for number in 0..<1000 {
                loop.spawn {
                    await queue.inTurn {
                        log.entries.append((number, loop.now))
                        Self.work(loop, for: TurnQueue.share)
                    }
                }
            }
            var before = -1
            loop.schedule(at: loop.now) { before = log.entries.count }
            while log.entries.count < 1000 { await loop.sleep(for: .milliseconds(1)) }
            return before
        }
        #expect(before >= 0 && before < 10)
    }

    private static func work(_ loop: EventLoop, for time: Duration) {
        let end = loop.clock.monotonic() + time
        while loop.clock.monotonic() < end {}
    }

    /// Used on the loop's thread only.
    private final class Rounds {
        var entries: [(number: Int, round: Instant)] = []
        var begun: Instant?
    }
}

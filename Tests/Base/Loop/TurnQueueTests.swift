import Base
import Support
import Testing

/// Costly work that takes turns.
@Suite(.timeLimit(.minutes(1))) struct TurnQueueTests {
    @Test("each round of the loop has one turn, and who came first goes first")
    func order() async throws {
        let runner = try LoopRunner()
        let rounds = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            #expect(queue.isFree)
            queue.use()
            log.begun = loop.now
            for number in 0..<3000 {
                loop.spawn {
                    await queue.turn()
                    log.entries.append((number, loop.now))
                }
            }
            #expect(!queue.isFree, "somebody waits")
            while log.entries.count < 3000 { await loop.sleep(for: .milliseconds(1)) }
            let last = log.entries.last?.round
            while loop.now == last { await loop.sleep(for: .milliseconds(1)) }
            #expect(queue.isFree)
            return (numbers: log.entries.map(\.number), rounds: log.entries.map(\.round), begun: log.begun)
        }
        #expect(rounds.numbers == Array(0..<3000))
        #expect(Set(rounds.rounds).count == 3000, "one a round")
        #expect(!rounds.rounds.contains { $0 == rounds.begun }, "none in the round that was used")
    }

    @Test("what needs no turn is not kept waiting by those who do")
    func fairness() async throws {
        let runner = try LoopRunner()
        let before = try await runner.onLoop { loop in
            let queue = TurnQueue(loop: loop)
            let log = Rounds()
            for number in 0..<1000 {
                loop.spawn {
                    await queue.turn()
                    log.entries.append((number, loop.now))
                }
            }
            var before = -1
            loop.schedule(at: loop.now) { before = log.entries.count }
            while log.entries.count < 1000 { await loop.sleep(for: .milliseconds(1)) }
            return before
        }
        #expect(before >= 0 && before < 10)
    }

    /// Used on the loop's thread only.
    private final class Rounds {
        var entries: [(number: Int, round: Instant)] = []
        var begun: Instant?
    }
}

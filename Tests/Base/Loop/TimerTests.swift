import Support
import Testing

@testable import Base

@Suite(.timeLimit(.minutes(1))) struct TimerTests {
    @Test("timers fire by deadline, those of one deadline as they were set, and none before its time")
    func order() async throws {
        let time = ManualClock()
        let runner = try LoopRunner(clock: time.clock)
        let fired = Shared<[Int]>([])
        try await runner.onLoop { loop in
            for (name, delay) in [(1, 30), (2, 10), (3, 20), (4, 10), (5, 0)] {
                loop.schedule(after: .milliseconds(delay)) { fired.change { $0.append(name) } }
            }
        }
        try await runner.turn()
        #expect(fired.value == [5])
        time.advance(by: .milliseconds(10) - .nanoseconds(1))
        try await runner.rounds()
        #expect(fired.value == [5])
        time.advance(by: .nanoseconds(1))
        try await runner.rounds()
        #expect(fired.value == [5, 2, 4])
        time.advance(by: .seconds(1))
        try await runner.rounds()
        #expect(fired.value == [5, 2, 4, 3, 1])
    }

    @Test("a timer that sets itself again for now lets everything else have its turn")
    func rearmed() async throws {
        let time = ManualClock()
        let runner = try LoopRunner(clock: time.clock)
        let fired = Shared(0)
        try await runner.onLoop { loop in Self.arm(loop, fired, left: 100) }
        // With a clock that stands still the deadline of each is the present moment.
        try await runner.rounds(120)
        #expect(fired.value == 100)
    }

    private static func arm(_ loop: EventLoop, _ fired: Shared<Int>, left: Int) {
        if left == 0 { return }
        loop.schedule(at: Instant(nanoseconds: 0)) {
            fired.change { $0 += 1 }
            arm(loop, fired, left: left - 1)
        }
    }

    @Test("a cancelled timer doesn't fire, not even when one of the same moment cancels it")
    func cancelled() async throws {
        let time = ManualClock()
        let runner = try LoopRunner(clock: time.clock)
        let fired = Shared<[Int]>([])
        try await runner.onLoop { loop in
            var later: LoopTimer?
            loop.schedule(after: .milliseconds(1)) {
                fired.change { $0.append(1) }
                later?.cancel()
            }
            later = loop.schedule(after: .milliseconds(1)) { fired.change { $0.append(2) } }
            loop.schedule(after: .milliseconds(1)) { fired.change { $0.append(3) } }.cancel()
        }
        time.advance(by: .seconds(1))
        try await runner.rounds()
        #expect(fired.value == [1])
    }

    @Test("cancelling lets go of what the call holds")
    func release() {
        var queue = TimerQueue()
        var object: Shared<Int>? = Shared(0)
        weak let held = object
        let timer = queue.insert(at: Instant(nanoseconds: 1)) { [object] in _ = object }
        object = nil
        #expect(held != nil)
        timer.cancel()
        #expect(held == nil)
    }

    @Test("deadlines far away neither overflow nor fire")
    func far() async throws {
        let fired = try await onLoop { loop -> Bool in
            var fired = false
            loop.schedule(after: .seconds(Int64.max)) { fired = true }
            loop.schedule(at: Instant(nanoseconds: .max)) { fired = true }
            await loop.sleep(for: .milliseconds(2))
            return fired
        }
        #expect(!fired)
    }

    @Test("cancelled timers don't pile up")
    func sweeping() {
        var queue = TimerQueue()
        let kept = (0..<100).map { number in queue.insert(at: Instant(nanoseconds: Int64(1_000_000 - number))) {} }
        for number in 0..<100_000 {
            queue.insert(at: Instant(nanoseconds: Int64(2_000_000 + number))) {}.cancel()
            #expect(queue.count <= 512)
        }
        var due: [LoopTimer] = []
        queue.takeDue(at: Instant(nanoseconds: 3_000_000), into: &due)
        #expect(due.map(\.deadline) == kept.map(\.deadline).reversed())
    }

    @Test("a heap of many deadlines gives them in order", arguments: [1, 2, 3, 255, 256, 257, 2000])
    func heap(_ count: Int) {
        var queue = TimerQueue()
        var generator = SystemRandomNumberGenerator()
        var deadlines: [Int64] = []
        for _ in 0..<count {
            let deadline = Int64.random(in: 0..<500, using: &generator)
            let timer = queue.insert(at: Instant(nanoseconds: deadline)) {}
            if Bool.random(using: &generator) { timer.cancel() } else { deadlines.append(deadline) }
        }
        var due: [LoopTimer] = []
        queue.takeDue(at: Instant(nanoseconds: 249), into: &due)
        #expect(due.allSatisfy { $0.deadline.nanoseconds <= 249 })
        queue.takeDue(at: Instant(nanoseconds: 500), into: &due)
        #expect(due.map(\.deadline.nanoseconds) == deadlines.sorted())
        #expect(zip(due, due.dropFirst()).allSatisfy { LoopTimer.precedes($0, $1) })
    }
}

extension LoopRunner {
    /// Lets the loop go around so often; a timer that is due fires at the end of a round.
    func rounds(_ count: Int = 3) async throws {
        for _ in 0..<count { try await turn() }
    }
}

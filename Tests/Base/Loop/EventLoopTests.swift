import Base
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test("a task of a loop begins at once and goes on there after each suspension")
    func spawned() async throws {
        let steps = try await onLoop { loop -> [String] in
            let steps = Shared<[String]>([])
            await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                loop.spawn {
                    steps.change { $0.append("begins \(loop.isCurrent)") }
                    await Task.yield()
                    steps.change { $0.append("yielded \(loop.isCurrent)") }
                    await loop.sleep(for: .milliseconds(1))
                    steps.change { $0.append("slept \(loop.isCurrent)") }
                    done.resume()
                }
                steps.change { $0.append("after") }
            }
            return steps.value
        }
        #expect(steps == ["begins true", "after", "yielded true", "slept true"])
    }

    @Test("only the loop's thread is current, and none is while it doesn't run")
    func current() async throws {
        let runner = try LoopRunner()
        #expect(!runner.loop.isCurrent)
        #expect(try await runner.onLoop { $0.isCurrent })
        let idle = try EventLoop()
        #expect(!idle.isCurrent)
    }

    @Test("calls from many threads all come, each thread's in order")
    func calls() async throws {
        let runner = try LoopRunner()
        let seen = Shared<[Int: [Int]]>([:])
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask {
                    for number in 0..<500 {
                        runner.loop.execute { seen.change { $0[sender, default: []].append(number) } }
                    }
                }
            }
        }
        try await runner.turn()
        #expect(seen.value == Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, Array(0..<500)) }))
    }

    @Test("tasks that only yield to each other don't keep timers and calls away")
    func fairness() async throws {
        let runner = try LoopRunner()
        let stop = Shared(false)
        let yields = Shared(0)
        try await runner.onLoop { loop in
            for _ in 0..<3 {
                loop.spawn {
                    while !stop.value {
                        yields.change { $0 += 1 }
                        await Task.yield()
                    }
                }
            }
        }
        try await runner.onLoop { loop in await loop.sleep(for: .milliseconds(5)) }
        stop.change { $0 = true }
        #expect(yields.value > 3)
    }

    @Test("stop does what waits, and nothing after")
    func stopping() throws {
        let loop = try EventLoop()
        let seen = Shared<[String]>([])
        loop.execute {
            seen.change { $0.append("call") }
            loop.stop()
            loop.spawn {
                await Task.yield()
                seen.change { $0.append("job") }
            }
            loop.execute { seen.change { $0.append("late call") } }
        }
        loop.run()
        #expect(seen.value.sorted() == ["call", "job", "late call"])
        loop.execute { seen.change { $0.append("too late") } }
        #expect(seen.value.count == 3)
    }

    @Test("a loop that was stopped before it ran ends at once, and may run again")
    func again() throws {
        let loop = try EventLoop()
        loop.stop()
        loop.run()
        let ran = Shared(false)
        loop.execute {
            ran.change { $0 = true }
            loop.stop()
        }
        loop.run()
        #expect(ran.value)
    }

    @Test("tasks that never end don't keep a stopped loop")
    func endless() throws {
        let loop = try EventLoop()
        let leave = Shared(false)
        loop.execute {
            loop.spawn { while !leave.value { await Task.yield() } }
            loop.stop()
        }
        loop.run()
        leave.change { $0 = true }
        loop.execute { loop.stop() }
        loop.run()
    }
}

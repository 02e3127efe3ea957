import Base
import Glibc
import Support
import Testing

@Suite(.timeLimit(.minutes(1))) struct WatchTests {
    @Test("a descriptor is reported when it can be read, and not when it is watched for nothing")
    func readable() async throws {
        let seen = try await onLoop { loop -> [[String]] in
            let pipe = try Pipe()
            let source = Recorder { pipe.readAll() }
            try loop.watch(pipe.reader, for: .readable, source)
            await loop.sleep(for: .milliseconds(2))
            let before = source.seen
            pipe.send()
            await source.wait(loop)
            let after = source.seen
            loop.rewatch(pipe.reader, for: [])
            pipe.send()
            await loop.sleep(for: .milliseconds(2))
            let idle = source.seen
            loop.unwatch(pipe.reader)
            return [before, after, idle]
        }
        #expect(seen == [[], ["readable"], ["readable"]])
    }

    @Test("a peer that closes is reported")
    func closed() async throws {
        let seen = try await onLoop { loop -> [String] in
            let pipe = try Pipe()
            let source = Recorder { loop.unwatch(pipe.reader) }
            try loop.watch(pipe.reader, for: .readable, source)
            pipe.closeWriter()
            await source.wait(loop)
            return source.seen
        }
        #expect(seen == ["closed"])
    }

    @Test("a source that another unwatches within one batch is not called any more")
    func unwatchedInBatch() async throws {
        let calls = try await onLoop { loop -> Int in
            let pipes = [try Pipe(), try Pipe()]
            var calls = 0
            for pipe in pipes {
                let source = Recorder {
                    calls += 1
                    for other in pipes { loop.unwatch(other.reader) }
                }
                try loop.watch(pipe.reader, for: .readable, source)
            }
            // Both are ready before the loop looks again, so that both are in one batch.
            for pipe in pipes { pipe.send() }
            await loop.sleep(for: .milliseconds(5))
            return calls
        }
        #expect(calls == 1)
    }

    @Test("an event of a descriptor that was closed and made anew within the batch is not the new one's")
    func reused() async throws {
        let outcome = try await onLoop { loop -> (sameNumber: Bool, calls: Int) in
            let pipes = [try Pipe(), try Pipe()]
            let fresh = Recorder {}
            var replacement: Pipe?
            var sameNumber = false
            for (pipe, other) in [(pipes[0], pipes[1]), (pipes[1], pipes[0])] {
                let source = Recorder {
                    guard replacement == nil else { return }
                    let number = other.reader
                    loop.unwatch(other.reader)
                    loop.unwatch(pipe.reader)
                    other.closeBoth()
                    guard let made = try? Pipe() else { return }
                    replacement = made
                    sameNumber = made.reader == number || made.writer == number
                    if made.reader == number { try? loop.watch(made.reader, for: .readable, fresh) }
                }
                try loop.watch(pipe.reader, for: .readable, source)
            }
            for pipe in pipes { pipe.send() }
            await loop.sleep(for: .milliseconds(5))
            return (sameNumber, fresh.seen.count)
        }
        #expect(outcome.calls == 0)
    }

    @Test("a second watch of one descriptor is refused and leaves the first as it was")
    func twice() async throws {
        let seen = try await onLoop { loop -> [String] in
            let pipe = try Pipe()
            let first = Recorder { pipe.readAll() }
            try loop.watch(pipe.reader, for: .readable, first)
            let refused = #expect(throws: SystemError.self) {
                try loop.watch(pipe.reader, for: .readable, Recorder {})
            }
            #expect(refused?.code == EEXIST)
            pipe.send()
            await first.wait(loop)
            return first.seen
        }
        #expect(seen == ["readable"])
    }

    @Test("a descriptor that was closed without a word may be watched anew")
    func forgotten() async throws {
        let seen = try await onLoop { loop -> [String] in
            let old = try Pipe()
            try loop.watch(old.reader, for: .readable, Recorder {})
            old.closeBoth()
            let pipe = try Pipe()
            let source = Recorder { pipe.readAll() }
            try loop.watch(pipe.reader, for: .readable, source)
            pipe.send()
            await source.wait(loop)
            return source.seen
        }
        #expect(seen == ["readable"])
    }

    @Test("bad descriptors are refused", arguments: [-1, 1_000_000] as [Int32])
    func bad(_ descriptor: Int32) async throws {
        try await onLoop { loop in
            #expect(throws: SystemError.self) { try loop.watch(descriptor, for: .readable, Recorder {}) }
            loop.rewatch(descriptor, for: .readable)
            loop.unwatch(descriptor)
        }
    }

    @Test("an exclusive watch can be changed")
    func exclusive() async throws {
        let seen = try await onLoop { loop -> [String] in
            let pipe = try Pipe()
            let source = Recorder { pipe.readAll() }
            try loop.watch(pipe.reader, for: [.readable, .exclusive], source)
            loop.rewatch(pipe.reader, for: [])
            pipe.send()
            await loop.sleep(for: .milliseconds(2))
            #expect(source.seen.isEmpty)
            loop.rewatch(pipe.reader, for: [.readable, .exclusive])
            await source.wait(loop)
            return source.seen
        }
        #expect(seen == ["readable"])
    }
}

/// Notes what it is told, and answers it.
private final class Recorder: EventSource {
    private(set) var seen: [String] = []
    private let answer: () -> Void

    init(_ answer: @escaping () -> Void) {
        self.answer = answer
    }

    func ready(_ readiness: Readiness) {
        for (bit, name) in [(Readiness.readable, "readable"), (.writable, "writable"), (.closed, "closed")]
        where readiness.contains(bit) {
            seen.append(name)
        }
        answer()
    }

    /// Until something was noted.
    func wait(_ loop: EventLoop) async {
        while seen.isEmpty { await loop.sleep(for: .milliseconds(1)) }
    }
}

/// A pipe whose reader doesn't block.
private final class Pipe {
    let reader: Int32
    let writer: Int32
    private var isOpen = true
    private var isWriterOpen = true

    init() throws {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("pipe", unsafe pipe(&ends))
        (reader, writer) = (ends[0], ends[1])
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    deinit { closeBoth() }

    func send() {
        var byte: UInt8 = 1
        _ = unsafe write(writer, &byte, 1)
    }

    func readAll() {
        var byte: UInt8 = 0
        while unsafe read(reader, &byte, 1) > 0 {}
    }

    func closeWriter() {
        if isWriterOpen { close(writer) }
        isWriterOpen = false
    }

    func closeBoth() {
        closeWriter()
        if isOpen { close(reader) }
        isOpen = false
    }
}

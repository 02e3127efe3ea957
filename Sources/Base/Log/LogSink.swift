internal import CLinux
internal import Glibc
internal import Synchronization

/// Where lines go: a bounded buffer that a thread of its own writes out, so that a slow reader never holds a loop up.
public final class LogSink: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped: Int64 = 0
        /// Whether the thread is writing, or has been woken to.
        var awake = false
        var started = false
    }

    private let descriptor: Int32
    private let limit: Int
    /// Wakes the thread; -1 where there was none left to be had, and the thread looks from time to time.
    private let bell: Int32
    private let state = Mutex(State())
    private let capture: (@Sendable ([UInt8]) -> Void)?

    /// Writes to a descriptor, by default standard error.
    ///
    /// - Parameter limit: bytes that may wait to be written; lines beyond it are dropped and counted.
    public init(descriptor: Int32 = 2, limit: Int = 4 << 20) {
        self.descriptor = descriptor
        self.limit = limit
        bell = vst_eventfd()
        capture = nil
    }

    /// Hands every line to the closure, for tests.
    public init(capture: @escaping @Sendable ([UInt8]) -> Void) {
        descriptor = -1
        limit = 0
        bell = -1
        self.capture = capture
    }

    deinit {
        if bell >= 0 { close(bell) }
    }

    func append(_ line: [UInt8]) {
        if let capture { return capture(line) }
        let (mustStart, mustRing) = state.withLock { state in
            if state.pending.count + line.count > limit {
                state.dropped += 1
            } else {
                state.pending.append(contentsOf: line)
            }
            defer { (state.started, state.awake) = (true, true) }
            return (!state.started, !state.awake)
        }
        if mustStart { start() } else if mustRing { ring() }
    }

    /// Lines dropped so far because the reader was too slow, or gone.
    public var dropped: Int64 { state.withLock { $0.dropped } }

    /// Waits until everything is written, at most two seconds. To be called before the process ends.
    public func flush() {
        for _ in 0..<2000 {
            if state.withLock({ !$0.awake }) { return }
            usleep(1000)
        }
    }

    private func ring() {
        var one: UInt64 = 1
        if bell >= 0 { _ = unsafe write(bell, &one, 8) }
    }

    /// The thread lives as long as the process: a sink that was ever written to is never let go.
    private func start() {
        BackgroundThread.start("log") { [self] in
            while true {
                writePending()
                wait()
                // Lines come in bursts: one write for what comes within two milliseconds.
                usleep(2000)
            }
        }
    }

    private func wait() {
        guard bell >= 0 else { return _ = usleep(20_000) }
        var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&entry, 1, -1)
        var count: UInt64 = 0
        _ = unsafe read(bell, &count, 8)
    }

    private func writePending() {
        var chunk: [UInt8] = []
        while true {
            // The buffers change places, so that neither is made anew.
            chunk.removeAll(keepingCapacity: chunk.capacity <= 1 << 20)
            let isEmpty = state.withLock { state in
                swap(&chunk, &state.pending)
                if chunk.isEmpty { state.awake = false }
                return chunk.isEmpty
            }
            if isEmpty { return }
            let lost = writeAll(chunk)
            if lost > 0 { state.withLock { $0.dropped += lost } }
        }
    }

    /// Writes the bytes; gives the number of lines that could not be written.
    private func writeAll(_ bytes: [UInt8]) -> Int64 {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&entry, 1, 1000)
            } else if errno != EINTR {
                return bytes[done...].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
            }
        }
        return 0
    }
}

internal import Glibc
internal import Synchronization

/// Where lines go: a bounded buffer that a thread of its own writes out, so that a slow reader never holds a loop up.
public final class LogSink: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped: Int64 = 0
        var writing = false
        var started = false
    }

    private let descriptor: Int32
    private let limit: Int
    private let state = Mutex(State())
    private let capture: (@Sendable ([UInt8]) -> Void)?

    /// Writes to a descriptor, by default standard error.
    ///
    /// - Parameter limit: bytes that may wait to be written; lines beyond it are dropped and counted.
    public init(descriptor: Int32 = 2, limit: Int = 4 << 20) {
        self.descriptor = descriptor
        self.limit = limit
        capture = nil
    }

    /// Hands every line to the closure, for tests.
    public init(capture: @escaping @Sendable ([UInt8]) -> Void) {
        descriptor = -1
        limit = 0
        self.capture = capture
    }

    func append(_ line: [UInt8]) {
        if let capture { return capture(line) }
        let mustStart = state.withLock { state in
            if state.pending.count + line.count > limit {
                state.dropped += 1
            } else {
                state.pending.append(contentsOf: line)
            }
            defer { state.started = true }
            return !state.started
        }
        if mustStart { start() }
    }

    /// Lines dropped so far because the reader was too slow.
    public var dropped: Int64 { state.withLock { $0.dropped } }

    /// Writes what is pending, on the calling thread. To be called before the process ends.
    public func flush() {
        while true {
            let chunk = state.withLock { state -> [UInt8]? in
                if state.writing || state.pending.isEmpty { return nil }
                state.writing = true
                defer { state.pending.removeAll(keepingCapacity: state.pending.capacity < 256 << 10) }
                return state.pending
            }
            guard let chunk else { return }
            writeAll(chunk)
            state.withLock { $0.writing = false }
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                usleep(1000)
                continue
            }
            if count <= 0 { return }
            done += count
        }
    }

    private func start() {
        BackgroundThread.start("log") { [weak self] in
            while let sink = self {
                sink.flush()
                usleep(20_000)
            }
        }
    }
}

/// Writes structured lines from a level on. Cheap to copy, usable from every thread.
public struct Logger: Sendable {
    private let least: LeastLevel
    private let format: LogFormat
    private let sink: LogSink
    private let clock: Clock

    /// A logger that writes to the sink.
    public init(level: LogLevel = .info, format: LogFormat = .json, sink: LogSink = LogSink(), clock: Clock = .system) {
        least = LeastLevel(level)
        self.format = format
        self.sink = sink
        self.clock = clock
    }

    /// A logger that hands each line, without its line break, to the closure.
    public static func capturing(
        level: LogLevel = .debug, _ capture: @escaping @Sendable (String) -> Void
    ) -> Logger {
        Logger(level: level, sink: LogSink { capture(String(decoding: $0.dropLast(), as: UTF8.self)) })
    }

    /// A logger that writes nothing.
    public static let silent = Logger(level: .error, sink: LogSink { _ in })

    /// The least level that is written; the same for all copies of a logger.
    public var level: LogLevel {
        get { least.level }
        nonmutating set { least.level = newValue }
    }

    /// Whether lines of this level are written.
    public func writes(_ level: LogLevel) -> Bool { least.includes(level) }

    /// Writes a line; the fields are made only when it is written.
    public func log(_ level: LogLevel, _ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        guard writes(level) else { return }
        sink.append(LogLine.make(format, time: clock.wall(), level: level, event: event, fields: fields()))
    }

    /// For whoever looks for a fault.
    public func debug(_ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.debug, event, fields())
    }

    /// What happens in good order.
    public func info(_ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.info, event, fields())
    }

    /// What somebody should look at.
    public func warning(_ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.warning, event, fields())
    }

    /// What is broken.
    public func error(_ event: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.error, event, fields())
    }

    /// Writes what waits in the sink. To be called before the process ends.
    public func flush() { sink.flush() }

    /// Lines dropped so far because the reader was too slow.
    public var dropped: Int64 { sink.dropped }
}

import Base
import Synchronization

/// Keeps log lines.
final class LineCollector: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger {
        Logger.capturing(level: .info) { [self] line in lines.withLock { $0.append(line) } }
    }

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
}

internal import Synchronization

/// From which level on lines are written; may be changed while the process runs.
final class LeastLevel: Sendable {
    private let rank: Atomic<Int>

    init(_ level: LogLevel) {
        rank = Atomic(level.rank)
    }

    var level: LogLevel {
        get {
            let rank = rank.load(ordering: .relaxed)
            return LogLevel.allCases.first { $0.rank == rank } ?? .error
        }
        set { rank.store(newValue.rank, ordering: .relaxed) }
    }

    func includes(_ level: LogLevel) -> Bool { level.rank >= rank.load(ordering: .relaxed) }
}

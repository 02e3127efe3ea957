/// A call that a loop makes at a given moment, once.
public final class LoopTimer {
    let deadline: Instant
    /// Tells timers of one deadline apart: they fire in the order in which they were set.
    let order: UInt64
    private var action: (() -> Void)?

    init(deadline: Instant, order: UInt64, action: @escaping () -> Void) {
        self.deadline = deadline
        self.order = order
        self.action = action
    }

    /// Makes the call not happen, and lets go of what it holds. On the loop's thread only.
    public func cancel() {
        action = nil
    }

    /// Whether the call will not happen any more: it has, or was cancelled.
    var isDone: Bool { action == nil }

    func fire() {
        let call = action
        action = nil
        call?()
    }

    static func precedes(_ left: LoopTimer, _ right: LoopTimer) -> Bool {
        (left.deadline, left.order) < (right.deadline, right.order)
    }
}

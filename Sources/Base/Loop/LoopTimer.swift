/// A call that a loop makes at a given moment, once.
public final class LoopTimer {
    let deadline: Instant
    private var action: (() -> Void)?

    init(deadline: Instant, action: @escaping () -> Void) {
        self.deadline = deadline
        self.action = action
    }

    /// Makes the call not happen, and lets go of what it holds. On the loop's thread only.
    public func cancel() {
        action = nil
    }

    var isCancelled: Bool { action == nil }

    func fire() {
        let call = action
        action = nil
        call?()
    }
}

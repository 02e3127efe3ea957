/// Lets costly work take turns with everything else on a loop: one piece of it in each round, so that who needs none waits
/// for one piece at most, however many ask for it. One a loop; on the loop's thread only.
public final class TurnQueue {
    private let loop: EventLoop
    /// The round in which work was done last, by its beginning.
    private var usedAt: Instant?
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Who goes next; those before have gone.
    private var head = 0

    /// Nobody waits.
    public init(loop: EventLoop) {
        self.loop = loop
    }

    /// Whether work may be done in this round: none was done yet, and nobody waits.
    public var isFree: Bool { head == waiting.count && usedAt != loop.now }

    /// Notes that work was done in this round.
    public func use() {
        usedAt = loop.now
    }

    /// Suspends the calling task until a later round is its own; who came first goes first.
    public func turn() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            waiting.append(continuation)
            if waiting.count - head == 1 { arm() }
        }
    }

    /// Not in this round: its timers are looked at when its events have been.
    private func arm() {
        loop.schedule(at: loop.now + .nanoseconds(1)) { self.next() }
    }

    private func next() {
        let continuation = waiting[head]
        head += 1
        if head == waiting.count || head == 1024 {
            waiting.removeFirst(head)
            head = 0
        }
        if !waiting.isEmpty { arm() }
        use()
        continuation.resume()
    }
}

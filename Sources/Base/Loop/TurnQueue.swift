/// Lets costly work take turns with everything else on a loop: in each round as much of it as ``share`` allows, one piece
/// at least, so that who needs none waits about so long at most, however many ask for it. One a loop; on the loop's
/// thread only.
public final class TurnQueue {
    /// Work begins in a round of the loop only while the round is younger, but for the first piece.
    public static let share = Duration.microseconds(60)

    private let loop: EventLoop
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Who goes next; those before have gone.
    private var head = 0
    /// Whether somebody has been woken, or will be in a later round, who wakes the next.
    private var isUnderWay = false
    /// The round in which work was done at once last.
    private var lastRound = Instant(nanoseconds: .min)

    /// Nobody waits.
    public init(loop: EventLoop) {
        self.loop = loop
    }

    /// Whether work may be done at once, which is noted: nobody waits, and it is the first of its round or the round is
    /// young.
    public func take() -> Bool {
        guard head == waiting.count else { return false }
        let round = loop.now
        guard round != lastRound || isYoung else { return false }
        lastRound = round
        return true
    }

    private var isYoung: Bool { loop.clock.monotonic() - loop.now < Self.share }

    /// Suspends the calling task until its turn has come, and does the work; who came first goes first.
    public func inTurn<Result>(_ work: () -> Result) async -> Result {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            waiting.append(continuation)
            if !isUnderWay { arm() }
        }
        defer { pass() }
        return work()
    }

    /// Not in this round: its timers are looked at when its events have been.
    private func arm() {
        isUnderWay = true
        loop.schedule(at: loop.now + .nanoseconds(1)) { self.next() }
    }

    private func next() {
        let continuation = waiting[head]
        head += 1
        if head == waiting.count || head == 1024 {
            waiting.removeFirst(head)
            head = 0
        }
        continuation.resume()
    }

    private func pass() {
        lastRound = loop.now
        if head == waiting.count {
            isUnderWay = false
        } else if isYoung {
            next()
        } else {
            arm()
        }
    }
}

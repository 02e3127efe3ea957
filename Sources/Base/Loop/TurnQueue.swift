/// Lets costly work take turns with everything else on a loop: in each round as much of it as ``share`` allows, one piece
/// at least, so that who needs none waits about so long at most, however many ask for it. One a loop; on the loop's
/// thread only.
public final class TurnQueue {
    /// Work begins in a round of the loop only while the round is younger, but for the first piece.
    public static let share = Duration.microseconds(60)

    private enum Waiter {
        case call(() -> Void)
        case task(CheckedContinuation<Void, Never>)
    }

    private let loop: EventLoop
    private var waiting: [Waiter] = []
    /// Who goes next; those before have gone.
    private var head = 0
    /// Whether somebody has been woken, or will be in a later round, who wakes the next.
    private var isUnderWay = false
    /// The round in which work was done last.
    private var lastRound = Instant(nanoseconds: .min)
    /// Whether the call that is being made has its turn still to take.
    private var isGranted = false

    /// Nobody waits.
    public init(loop: EventLoop) {
        self.loop = loop
    }

    /// Whether work may be done at once, which is noted: in a call whose turn has come, or where nobody waits and it is the
    /// first of its round or the round is young.
    public func take() -> Bool {
        if isGranted {
            isGranted = false
            return true
        }
        guard head == waiting.count else { return false }
        let round = loop.now
        guard round != lastRound || isYoung else { return false }
        lastRound = round
        return true
    }

    private var isYoung: Bool { loop.clock.monotonic() - loop.now < Self.share }

    /// Makes the call when its turn has come, in a later round; who came first goes first.
    public func whenFree(_ call: @escaping () -> Void) {
        wait(.call(call))
    }

    /// Suspends the calling task until its turn has come, and does the work.
    public func inTurn<Result>(_ work: () -> Result) async -> Result {
        await withCheckedContinuation { wait(.task($0)) }
        defer { pass() }
        return work()
    }

    private func wait(_ waiter: Waiter) {
        waiting.append(waiter)
        if !isUnderWay { arm() }
    }

    /// Not in this round: its timers are looked at when its events have been.
    private func arm() {
        isUnderWay = true
        loop.schedule(at: loop.now.advanced(by: 1)) { self.next() }
    }

    private func next() {
        while true {
            let waiter = waiting[head]
            head += 1
            if head == waiting.count || head == 1024 {
                waiting.removeFirst(head)
                head = 0
            }
            switch waiter {
            case .task(let continuation): return continuation.resume()
            case .call(let call):
                isGranted = true
                call()
                isGranted = false
            }
            guard mayPass() else { return }
        }
    }

    /// After a task's work.
    private func pass() {
        if mayPass() { next() }
    }

    /// Whether the next one goes in this round.
    private func mayPass() -> Bool {
        lastRound = loop.now
        if head == waiting.count {
            isUnderWay = false
            return false
        }
        if isYoung { return true }
        arm()
        return false
    }
}

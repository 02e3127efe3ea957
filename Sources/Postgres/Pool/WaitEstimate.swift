internal import Base

/// How long somebody who joins the line now would wait, by how fast it has moved; and how long the line has stood.
///
/// A line that has just formed is a crowd, which will be served; one that stands is more than can be done, and whoever
/// joins it should not wait in vain.
struct WaitEstimate {
    /// The time from one who leaves the line for a connection to the next, on average.
    private var pace: Duration?
    private var lastMove = Instant(nanoseconds: .min)
    private var stoodSince: Instant?

    /// The first has joined an empty line.
    mutating func formed(at now: Instant) {
        stoodSince = now
        lastMove = now
    }

    /// The first of the line got a connection.
    mutating func moved(at now: Instant) {
        let step = now - lastMove
        lastMove = now
        pace = pace.map { $0 + (step - $0) / 16 } ?? step
    }

    /// Nobody is left in the line.
    mutating func dissolved() {
        stoodSince = nil
    }

    /// Whether one who joins so many would wait too long.
    func isTooLong(behind count: Int, at now: Instant, _ settings: PoolSettings) -> Bool {
        // As many as there are connections are always let in: by them it is seen that it is faster again.
        guard let pace, let stoodSince, count >= settings.maximum else { return false }
        let limit = now - stoodSince > settings.crowdTime ? settings.standingWait : settings.patience
        return pace * count > limit
    }
}

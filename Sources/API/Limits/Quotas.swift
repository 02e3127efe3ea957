public import Accounts
public import Base
public import HTTP

/// Counts each request against the limit of whoever makes it, once. One a loop.
public final class Quotas {
    private let limiter: RateLimiter
    private let loop: EventLoop

    /// Puts it together.
    public init(limiter: RateLimiter, loop: EventLoop) {
        self.limiter = limiter
        self.loop = loop
    }

    /// Whether requests without a limit of their own are counted at all.
    var isOn: Bool { limiter.isOn }

    /// Counts the request, if memory knows enough; false: ask ``charge(_:to:limit:)``.
    ///
    /// - Throws: 429 `rate_limited`.
    public func chargeNow(
        _ request: Request, to caller: LimitedCaller, limit: Int? = nil
    ) throws(Problem) -> Bool {
        if request.notes.allowance != nil { return true }
        switch limiter.takeNow(caller, limit: limit) {
        case .unlimited: return true
        case .mustAsk: return false
        case .known(let quota):
            try note(quota, request)
            return true
        }
    }

    /// Counts the request.
    ///
    /// - Throws: 429 `rate_limited`.
    public func charge(_ request: Request, to caller: LimitedCaller, limit: Int? = nil) async throws(Problem) {
        if request.notes.allowance != nil { return }
        if let quota = await limiter.take(caller, limit: limit, loop: loop) { try note(quota, request) }
    }

    /// Refuses what would be looked up for somebody who has nothing left.
    ///
    /// - Throws: 429 `rate_limited`.
    func mustHaveSome(_ request: Request, _ caller: LimitedCaller) throws(Problem) {
        if let quota = limiter.refusal(of: caller) { try note(quota, request) }
    }

    private func note(_ quota: Quota, _ request: Request) throws(Problem) {
        request.notes.allowance = Allowance(limit: quota.limit, remaining: quota.remaining, reset: quota.reset)
        guard let seconds = quota.retryAfter else { return }
        throw Problem(
            .rateLimited, "Too many requests: at most \(quota.limit) a minute. Try again in \(seconds) s.",
            retryAfter: seconds)
    }
}

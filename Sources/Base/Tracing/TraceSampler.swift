/// Decides at the beginning of a trace whether its spans are recorded.
public struct TraceSampler: Hashable, Sendable {
    /// Of traces that begin here, so many of 2⁶³ are recorded.
    private let bound: UInt64
    /// Whether a trace that has begun elsewhere is recorded exactly where its caller records it.
    private let followsCaller: Bool

    /// A sampler that records this share of all traces, from 0 to 1.
    ///
    /// - Parameter followsCaller: whether the share counts only for traces that begin here.
    public init(ratio: Double, followsCaller: Bool) {
        let most = UInt64(1) << 63
        bound = ratio >= 1 ? most : UInt64(max(0, ratio) * Double(most))
        self.followsCaller = followsCaller
    }

    /// Whether the trace is recorded. By the id alone, so that every service with this share decides alike.
    func samples(_ traceID: TraceID, caller: TraceContext?) -> Bool {
        if followsCaller, let caller { return caller.isSampled }
        return traceID.low >> 1 < bound
    }
}

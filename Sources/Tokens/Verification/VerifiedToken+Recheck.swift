public import Base

extension VerifiedToken {
    /// What may have changed since the token was verified, and is looked at again on every use: time, and the grace of
    /// a former issuer. Nil when it still holds.
    ///
    /// - Parameter skew: The leeway in seconds, as at the verification.
    public func recheck(now: Timestamp, skew: Int64) -> TokenRejection? {
        if let end = trusted.policy.acceptedUntil, now >= end { return TokenRejection(.issuerGrace) }
        if now >= expiresAt.saturatingAdvance(bySeconds: skew) { return TokenRejection(.expiry) }
        if let notBefore, now < notBefore.saturatingAdvance(bySeconds: -skew) { return TokenRejection(.notBefore) }
        return nil
    }
}

extension Timestamp {
    /// So many seconds later, or the end of time where that can't be said.
    func saturatingAdvance(bySeconds seconds: Int64) -> Timestamp {
        let (product, tooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflow) = microseconds.addingReportingOverflow(product)
        guard !tooLarge, !overflow else { return Timestamp(microseconds: seconds < 0 ? .min : .max) }
        return Timestamp(microseconds: sum)
    }
}

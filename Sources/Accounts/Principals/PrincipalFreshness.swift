public import Base

/// How long a remembered principal may be trusted; a pure rule on times that are passed in.
public struct PrincipalFreshness: Sendable, Equatable {
    /// The longest that a principal is used without being read again, or known to be true for no change to it having come,
    /// `VESTIBULE_PRINCIPAL_TTL`.
    public var timeToLive: Duration
    /// How long a principal is used while the database can't be reached, `VESTIBULE_MAX_STALE`.
    public var maximumStale: Duration
    /// How long it is remembered that an identity has no user.
    public var unknownTimeToLive: Duration

    /// The contract's defaults where nothing else is said.
    public init(
        timeToLive: Duration = .seconds(30), maximumStale: Duration = .seconds(300),
        unknownTimeToLive: Duration = .seconds(5)
    ) {
        self.timeToLive = timeToLive
        self.maximumStale = maximumStale
        self.unknownTimeToLive = unknownTimeToLive
    }

    /// At this age a principal in use is read again, so that it need not grow older than ``timeToLive``.
    public var refreshAge: Duration { timeToLive * 2 / 3 }

    /// So often principals of that age are looked for.
    public var refreshInterval: Duration { max(.milliseconds(50), min(.seconds(1), timeToLive / 8)) }

    /// What may be done with something remembered.
    public enum Verdict: Sendable, Equatable {
        /// It may be used as it is.
        case use
        /// The database must be asked; only when it can't be reached may the remembered be used.
        case askOrUse
        /// The database must be asked, and nothing else will do.
        case ask
    }

    /// Judges a remembered principal.
    ///
    /// - Parameters:
    ///   - readAt: when the database was asked for it.
    ///   - trueAt: when it was last known to be true: then, or later, as of when all changes are known to have come.
    ///   - distrustedBefore: set from the moment at which change notices flow again after a gap until the missed
    ///     changes were read: what was read before then must be asked for.
    ///   - now: the present moment.
    public func verdict(readAt: Instant, trueAt: Instant, distrustedBefore: Instant?, now: Instant) -> Verdict {
        let age = now - trueAt
        let isTrusted = distrustedBefore.map { readAt >= $0 } ?? true
        if isTrusted, age <= timeToLive { return .use }
        return age <= maximumStale ? .askOrUse : .ask
    }
}

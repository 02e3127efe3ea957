internal import Base

/// What a caller is told of its limit.
public struct Quota: Sendable, Equatable {
    /// Requests a minute.
    public let limit: Int
    /// How many may come at once now.
    public let remaining: Int
    /// After which time the whole limit is there again.
    public let untilFull: Duration
    /// After which time the next request may come; nil: this one may pass.
    public let wait: Duration?

    /// Describes how a limit stands.
    public init(limit: Int, remaining: Int, untilFull: Duration, wait: Duration?) {
        self.limit = limit
        self.remaining = remaining
        self.untilFull = untilFull
        self.wait = wait
    }

    /// Whether the request may pass.
    public var isAllowed: Bool { wait == nil }

    /// The value of `Retry-After`, for a refused request: whole seconds, 1 or more.
    public var retryAfter: Int? { wait.map { max(1, Self.seconds($0)) } }

    /// The value of `RateLimit-Reset`: for a refused request that of `Retry-After`, else the seconds until the whole limit
    /// is there again.
    public var reset: Int { retryAfter ?? Self.seconds(untilFull) }

    private static func seconds(_ duration: Duration) -> Int {
        Int((max(0, duration.nanoseconds) + 999_999_999) / 1_000_000_000)
    }
}

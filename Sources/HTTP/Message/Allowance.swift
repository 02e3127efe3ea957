/// How many requests somebody may still make: the fields `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
/// (draft-ietf-httpapi-ratelimit-headers-03).
public struct Allowance: Sendable, Equatable {
    /// Requests a minute.
    public let limit: Int
    /// How many may come at once now.
    public let remaining: Int
    /// After how many seconds the whole limit is there again; for a refused request, after how many it may come again.
    public let reset: Int

    /// Describes it.
    public init(limit: Int, remaining: Int, reset: Int) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

extension Response {
    /// Adds the fields.
    public mutating func add(_ allowance: Allowance) {
        fields.append((.rateLimitLimit, String(allowance.limit)))
        fields.append((.rateLimitRemaining, String(allowance.remaining)))
        fields.append((.rateLimitReset, String(allowance.reset)))
    }
}

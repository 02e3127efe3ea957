/// When key sets are fetched again and how long they are served (CONTRACT §3).
public struct KeyRefreshRules: Sendable, Hashable {
    /// The shortest time between two background fetches, whatever the issuer says.
    public var floor: Duration = .seconds(300)
    /// The longest one.
    public var ceiling: Duration = .seconds(86_400)
    /// The time where the issuer says nothing.
    public var standard: Duration = .seconds(3600)
    /// How long a set is served after it was last fetched with success.
    public var maximumAge: Duration = .seconds(86_400)
    /// For an unknown key, an issuer is asked at most once in this time.
    public var unknownKeyGap: Duration = .seconds(30)
    /// The wait after the first failed fetch; it doubles with each further one.
    public var firstRetry: Duration = .seconds(1)
    /// The longest wait after a failed fetch.
    public var longestRetry: Duration = .seconds(60)
    /// At most this part is added to a lifetime, by chance, so that instances don't ask all at once.
    public var jitter = 0.1

    /// The contract's values.
    public init() {}
}

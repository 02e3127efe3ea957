internal import Base

/// When one issuer's keys are fetched: a state machine without I/O. Whoever keeps it does what it answers.
struct KeyRefresh {
    /// What an unknown or missing key leads to.
    enum Answer: Equatable {
        /// A fetch begins now; wait for it.
        case fetch
        /// A fetch is under way; wait for it.
        case join
        /// It would not help now.
        case refuse
    }

    private let rules: KeyRefreshRules
    /// Whether a fetch is under way.
    private(set) var isFetching = false
    /// When the keys were last fetched with success.
    private(set) var fetchedAt: Instant?
    /// When the next fetch in the background is due.
    private(set) var nextFetch: Instant
    /// Until when a fetch for an unknown key is refused.
    private(set) var refusesUntil: Instant?
    private var failures = 0
    /// Ids that the issuer was asked for in vain.
    private(set) var absent = AbsentKeys()
    /// What the fetch under way is waited for, as far as it is noted.
    private var asked: Set<String> = []

    init(rules: KeyRefreshRules, now: Instant) {
        self.rules = rules
        nextFetch = now
    }

    /// When the keys are too old to be served.
    var expiresAt: Instant? { fetchedAt.map { $0 + rules.maximumAge } }

    /// When ``tick(now:)`` is to be called next.
    var deadline: Instant? {
        let fetch = isFetching ? nil : nextFetch
        return [fetch, expiresAt].compactMap { $0 }.min()
    }

    /// Time has passed: whether to begin a fetch, and whether to stop serving the keys.
    mutating func tick(now: Instant) -> (fetches: Bool, expires: Bool) {
        var expires = false
        if let expiresAt, expiresAt <= now {
            fetchedAt = nil
            expires = true
        }
        guard !isFetching, nextFetch <= now else { return (false, expires) }
        isFetching = true
        return (true, expires)
    }

    /// A token names a key that the set does not have, or names none where one is needed.
    mutating func keyUnknown(_ id: String?, now: Instant) -> Answer {
        // Its absence was seen a moment ago: it neither spends the issuer's budget nor waits for others.
        if let id, absent.holds(id, now: now) { return .refuse }
        if let id, asked.count < AbsentKeys.capacity { asked.insert(id) }
        let answer = answerToUnknown(now: now)
        if answer == .refuse { asked.removeAll() }
        return answer
    }

    private mutating func answerToUnknown(now: Instant) -> Answer {
        if isFetching { return .join }
        if fetchedAt == nil { return keysMissing(now: now) }
        if let refusesUntil, now < refusesUntil { return .refuse }
        refusesUntil = now + rules.unknownKeyGap
        isFetching = true
        return .fetch
    }

    /// A token came while there are no keys at all; the waits after failures are kept.
    mutating func keysMissing(now: Instant) -> Answer {
        if isFetching { return .join }
        guard nextFetch <= now else { return .refuse }
        isFetching = true
        return .fetch
    }

    /// Fetch anew as soon as possible, outside of all limits: an administrator wants it.
    mutating func hurry(now: Instant) {
        nextFetch = now
    }

    /// Keys that came from elsewhere count as fetched, and are replaced as soon as possible.
    mutating func preloaded(now: Instant) {
        fetchedAt = now
    }

    /// The fetch brought keys.
    ///
    /// - Parameters:
    ///   - chance: from 0 to 1, to spread the next fetch.
    ///   - isThere: whether the keys have an id.
    mutating func succeeded(
        now: Instant, lifetime: Duration?, chance: Double, isThere: (String) -> Bool = { _ in false }
    ) {
        isFetching = false
        failures = 0
        fetchedAt = now
        absent.remove(where: isThere)
        for id in asked where !isThere(id) { absent.add(id, now: now, firstWait: rules.unknownKeyGap) }
        asked.removeAll()
        let bounded = min(max(lifetime ?? rules.standard, rules.floor), rules.ceiling)
        let spread = Duration.nanoseconds(Int64(Double(bounded.nanoseconds) * rules.jitter * chance))
        nextFetch = now + min(bounded + spread, rules.ceiling)
    }

    /// The fetch brought none, or none that are taken.
    ///
    /// - Parameter chance: from 0 to 1; the wait is between half and all of what the failures so far ask for, so that
    ///   instances that failed together don't come back together.
    mutating func failed(now: Instant, chance: Double) {
        isFetching = false
        asked.removeAll()
        let longest = min(rules.firstRetry * (1 << min(failures, 16)), rules.longestRetry)
        failures += 1
        nextFetch = now + .nanoseconds(Int64(Double(longest.nanoseconds) * (0.5 + 0.5 * chance)))
    }
}

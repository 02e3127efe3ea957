internal import Base

/// The buckets that one process knows, and how far each agrees with the shared one. Bounded; confined by its owner's lock.
struct BucketTable {
    /// What is to be done about a request.
    enum Step: Equatable {
        /// This is the answer.
        case answer(Quota)
        /// This is the answer, and the shared bucket is to be told of so many requests.
        case answerAndTell(Quota, Int)
        /// The shared bucket is to be asked.
        case ask
    }

    private struct Entry {
        var bucket: TokenBucket
        /// When the shared bucket was heard of last.
        var heardAt: Instant?
        /// Passed here and not yet told.
        var untold = 0
        var isTelling = false
    }

    /// So long what the shared bucket said counts as known.
    static let fresh = Duration.seconds(1)
    /// Within so few tokens, or this part of the limit, of the end the shared bucket itself decides.
    static let narrow = (tokens: 16, part: 10)

    private let capacity: Int
    private var entries: [LimitedCaller: Entry] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// Begins a request where there is a shared bucket: far from the limit memory decides and tells, near it the shared
    /// bucket is asked, and beyond it memory refuses.
    mutating func begin(_ caller: LimitedCaller, limit: Int, now: Instant) -> Step {
        guard var entry = entries[caller], let heardAt = entry.heardAt else { return .ask }
        var bucket = entry.bucket
        let quota = bucket.take(limit: limit, now: now)
        if !quota.isAllowed { return .answer(quota) }
        guard now - heardAt <= Self.fresh, quota.remaining > max(Self.narrow.tokens, limit / Self.narrow.part) else {
            return .ask
        }
        entry.bucket = bucket
        entry.untold += 1
        defer { entries[caller] = entry }
        if entry.isTelling { return .answer(quota) }
        entry.isTelling = true
        let count = entry.untold
        entry.untold = 0
        return .answerAndTell(quota, count)
    }

    /// Takes a token here alone.
    mutating func take(_ caller: LimitedCaller, limit: Int, now: Instant) -> Quota {
        var entry = entries[caller] ?? makeEntry(now)
        let quota = entry.bucket.take(limit: limit, now: now)
        entries[caller] = entry
        return quota
    }

    /// How the bucket stands, without taking anything.
    func state(_ caller: LimitedCaller, limit: Int, now: Instant) -> Quota? {
        guard var bucket = entries[caller]?.bucket else { return nil }
        return bucket.take(limit: limit, now: now)
    }

    /// Notes what the shared bucket said to a question; nil: nothing.
    mutating func heard(_ caller: LimitedCaller, _ take: SharedTake?, limit: Int, now: Instant) -> Quota? {
        guard let take else { return nil }
        var entry = entries[caller] ?? makeEntry(now)
        entry.bucket.note(untilFull: take.untilFull, now: now)
        entry.heardAt = now
        entries[caller] = entry
        if take.isTaken { return entry.bucket.state(limit: limit, now: now) }
        var bucket = entry.bucket
        let refused = bucket.take(limit: limit, now: now)
        // A clock that runs a little ahead here: the shared bucket's word counts.
        return refused.isAllowed
            ? Quota(limit: limit, remaining: 0, untilFull: take.untilFull, wait: TokenBucket.interval(limit)) : refused
    }

    /// Notes what came of telling; gives how many are to be told next, if any.
    mutating func told(_ caller: LimitedCaller, _ take: SharedTake?, now: Instant) -> Int? {
        guard var entry = entries[caller] else { return nil }
        defer { entries[caller] = entry }
        if let take {
            entry.bucket.note(untilFull: take.untilFull, now: now)
            entry.heardAt = now
        } else {
            entry.heardAt = nil
            entry.untold = 0
        }
        entry.isTelling = entry.untold > 0
        guard entry.isTelling else { return nil }
        defer { entry.untold = 0 }
        return entry.untold
    }

    private mutating func makeEntry(_ now: Instant) -> Entry {
        if entries.count >= capacity {
            // Who has all tokens loses nothing. When nobody has, an arbitrary one is given a new bucket.
            entries = entries.filter { $0.value.bucket.fullAt > now || $0.value.isTelling }
            while entries.count >= capacity, let any = entries.keys.first { entries[any] = nil }
        }
        return Entry(bucket: TokenBucket(now: now))
    }
}

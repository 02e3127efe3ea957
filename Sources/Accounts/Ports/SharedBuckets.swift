/// Buckets that several instances share. Called from any thread; never blocks.
public protocol SharedBuckets: AnyObject, Sendable {
    /// Whether the buckets could be reached when last tried.
    var isReachable: Bool { get }

    /// Takes so many tokens from a bucket, and calls back once, on any thread and at some time.
    ///
    /// - Parameters:
    ///   - mustTake: takes them also where there are too few; for what was let pass already.
    ///   - answer: is given how the bucket stands; nil where it could not be reached.
    func take(
        _ count: Int, from bucket: String, limit: Int, mustTake: Bool,
        _ answer: @escaping @Sendable (SharedTake?) -> Void)
}

/// What became of an attempt to take tokens from a shared bucket.
public struct SharedTake: Sendable, Equatable {
    /// Whether they were taken.
    public let isTaken: Bool
    /// After which time the bucket is full, counted from now.
    public let untilFull: Duration

    /// Describes what became of it.
    public init(isTaken: Bool, untilFull: Duration) {
        self.isTaken = isTaken
        self.untilFull = untilFull
    }
}

/// How many logins ended in one way.
public struct LoginCount: Sendable {
    /// More logins than these are not counted.
    public static let mostCounted = 100_000

    /// What came of them.
    public let outcome: String
    /// Why they were refused; nil where they were not.
    public let reason: String?
    /// How many.
    public let count: Int64

    /// States a count.
    public init(outcome: String, reason: String?, count: Int64) {
        self.outcome = outcome
        self.reason = reason
        self.count = count
    }
}

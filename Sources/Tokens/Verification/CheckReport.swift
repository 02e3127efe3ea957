/// One line of an examination: a check and what came of it.
public struct CheckReport: Sendable, Equatable {
    /// How a check ended.
    public enum Outcome: String, Sendable {
        /// The token passes.
        case passed
        /// The token fails.
        case failed
        /// An earlier failure left nothing to look at.
        case notReached = "not_reached"
    }

    /// The check.
    public let check: TokenCheck
    /// How it ended.
    public let outcome: Outcome
    /// What passes, in words; empty where the check was not reached.
    public let expected: String
    /// What the token has; empty where the check was not reached. Never a signature.
    public let actual: String

    /// Tells of a check.
    public init(check: TokenCheck, outcome: Outcome, expected: String, actual: String) {
        self.check = check
        self.outcome = outcome
        self.expected = expected
        self.actual = actual
    }
}

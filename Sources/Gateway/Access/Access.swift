public import Accounts
public import Base
public import Tokens

/// The decision about a request whose token was verified, or that may come without one.
public struct Access: Sendable {
    /// Whether the request may pass.
    public enum Outcome: Sendable {
        /// It may, in the org if there is one.
        case allowed(Membership?)
        /// It may not: a 403 or a 409.
        case denied(Problem)
    }

    /// The token; nil on an anonymous route without one.
    public let token: VerifiedToken?
    /// The user; nil without a token, or when the identity has no user.
    public let principal: Principal?
    /// The decision.
    public let outcome: Outcome
}

public import Accounts
public import Base
public import Tokens

/// The decision about a request whose token was verified, or that may come without one. Confined to a loop.
public final class Access {
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
    /// The identity headers without an assertion, made when they are first asked for: a decision that is remembered
    /// is answered many times.
    private(set) lazy var identityHeaders = IdentityHeaders.block(
        token: token, principal: principal, membership: membership)

    init(token: VerifiedToken?, principal: Principal?, outcome: Outcome) {
        self.token = token
        self.principal = principal
        self.outcome = outcome
    }

    /// The place in the org of an allowed request.
    var membership: Membership? {
        if case .allowed(let membership) = outcome { membership } else { nil }
    }
}

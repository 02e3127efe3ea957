public import Base

/// What becomes of a request, and why.
public enum RouteDecision: Sendable, Equatable {
    /// It may pass; the membership says in which org it acts, nil for none.
    case allow(org: Membership?)
    /// It may not; the check that failed is for logs and `explain`.
    case deny(ErrorCode, check: Check)

    /// The checks in their order.
    public enum Check: String, Sendable, CaseIterable {
        case user
        case token
        case org
        case globalRole = "global_role"
        case orgRole = "org_role"
        case permission
        case scope
        case mfa
        case maximumAge = "max_age"
    }

    /// The denial as the caller is told; nil when the request may pass.
    public var problem: Problem? {
        guard case .deny(let code, let check) = self else { return nil }
        let message =
            switch code {
            case .userDeactivated: "This account has been deactivated."
            case .tokenMissing: "A token is needed."
            case .mfaRequired: "A second factor is needed. Sign in with one and try again."
            case .loginTooOld: "The sign-in is too long ago. Sign in again."
            default: "This is not allowed."
            }
        return Problem(code, message, cause: "check \(check.rawValue)")
    }
}

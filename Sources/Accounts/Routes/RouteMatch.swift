public import Base

/// What the rules say about one request, before it is known who sent it.
public struct RouteMatch: Sendable, Equatable {
    /// The rule's place in the list; nil when none matched.
    public let number: Int?
    /// What is asked.
    public let requirement: RouteRequirement
    /// What the path has in the place of `{org_id}`, where the rule has one.
    public let orgID: String?

    /// No rule matched.
    public static let authenticated = RouteMatch(number: nil, requirement: .authenticated, orgID: nil)

    /// Decides about a request whose token was verified, or that has none.
    ///
    /// - Parameters:
    ///   - principal: the user; nil when there is no token, or its identity has no user and is allowed nevertheless.
    ///   - signIn: what the verified token says about the sign-in; nil without a token.
    ///   - orgHeader: the value of `X-Org-Id`.
    ///   - now: the present moment.
    public func decide(
        principal: Principal?, signIn: SignIn?, orgHeader: String?, now: Timestamp
    ) -> RouteDecision {
        if let principal, !principal.isActive {
            return .deny(.userDeactivated, check: .user)
        }
        let org = RequestedOrg(path: orgID, header: orgHeader, principal: principal)
        if requirement.isAnonymous {
            if org == .foreignHeader, signIn != nil { return .deny(.forbidden, check: .org) }
            return .allow(org: org.membership)
        }
        guard let signIn else { return .deny(.tokenMissing, check: .token) }
        if org == .foreignHeader { return .deny(.forbidden, check: .org) }
        if let role = requirement.globalRole, (principal?.globalRole ?? .globalUser) < role {
            return .deny(.forbidden, check: .globalRole)
        }
        // Whoever administers the platform needs no membership where the rule asks for exactly that.
        if case .foreignPath = org, requirement.globalRole == nil || requirement.orgRole != nil {
            return .deny(.forbidden, check: .org)
        }
        if let role = requirement.orgRole {
            guard let membership = org.membership, membership.role >= role else {
                return .deny(.forbidden, check: .orgRole)
            }
        }
        for permission in requirement.permissions
        where principal?.isPermitted(permission, in: org.membership?.orgID) != true {
            return .deny(.forbidden, check: .permission)
        }
        if !requirement.scopes.allSatisfy(signIn.scopes.contains) { return .deny(.forbidden, check: .scope) }
        if requirement.needsMFA, !signIn.hasSeveralFactors { return .deny(.mfaRequired, check: .mfa) }
        if let maximum = requirement.maximumAge {
            let age = signIn.age(at: now, withSecondFactor: requirement.needsMFA)
            guard let age, age <= maximum else { return .deny(.loginTooOld, check: .maximumAge) }
        }
        return .allow(org: org.membership)
    }
}

extension RequestedOrg {
    /// The place of the principal in the org, where it has one.
    var membership: Membership? {
        if case .member(let membership) = self { membership } else { nil }
    }
}

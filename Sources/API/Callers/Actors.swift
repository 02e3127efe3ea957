public import Accounts
public import Base
internal import HTTP
internal import Tokens

/// Finds out which user makes a request. One per loop.
public final class Actors {
    private let callers: any Callers
    private let principals: PrincipalLookup
    private let cache: PrincipalCache
    private let admins: AdminRules
    private let clock: Clock

    /// Puts the workflow together.
    ///
    /// - Parameters:
    ///   - cache: forgets at once what a request has changed, before the database's notice comes round.
    ///   - admins: what administrators must show before they change something.
    public init(
        callers: any Callers, principals: PrincipalLookup, cache: PrincipalCache, admins: AdminRules, clock: Clock
    ) {
        self.callers = callers
        self.principals = principals
        self.cache = cache
        self.admins = admins
        self.clock = clock
    }

    /// The user behind a request; somebody new comes in first, where that is configured.
    ///
    /// - Throws: 401 for the token; 403 `user_not_provisioned`, `user_deactivated` and what provisioning refuses with.
    func actor(of request: Request) async throws(Problem) -> Actor {
        let login = try await callers.login(of: request)
        guard let principal = try await principals.principal(of: login) else {
            throw Problem(.userNotProvisioned, "This person has no account here.")
        }
        request.notes.userID = principal.userID
        request.notes.tenantID = principal.currentOrg
        guard principal.isActive else { throw ProvisioningDecision.Refusal.userDeactivated.problem }
        let changes = request.method != .get && request.method != .head
        let caller = Caller(
            userID: principal.userID, requestID: login.requestID, clientAddress: login.clientAddress)
        return Actor(
            principal: principal, caller: caller, token: login.token,
            adminProblem: changes ? admins.problem(SignIn(login.token), now: clock.wall()) : nil)
    }

    /// The user behind a request, and the org that its path names.
    ///
    /// - Throws: what ``actor(of:)`` throws; 404 for an id that is none.
    func member(of request: Request) async throws(Problem) -> (Actor, org: EntityID) {
        let actor = try await actor(of: request)
        let org = try request.pathID("org_id")
        request.notes.tenantID = org
        return (actor, org)
    }

    /// To be told that somebody was invited: whoever was refused before is let in.
    func invited(_ email: String) {
        if let address = EmailAddress(email) { changed(.email(address.canonical.lowercased())) }
    }

    /// To be told what a request has changed: the next request sees it.
    func changed(_ change: AccountChange) {
        cache.apply(change)
    }
}

/// The user behind a request.
struct Actor {
    /// The user as last read.
    let principal: Principal
    /// The user as the database is told.
    let caller: Caller
    /// The token that the request came with.
    let token: VerifiedToken
    /// Why the request may not be an administrator's, whoever makes it.
    let adminProblem: Problem?

    /// - Throws: 403 `forbidden` for everybody but administrators of the platform; `mfa_required` or `login_too_old` for
    ///   a change by one whose sign-in is not as the configuration asks.
    func mustBeGlobalAdmin() throws(Problem) {
        guard principal.globalRole.isAdmin else {
            throw Problem(.forbidden, "This is for administrators of the platform.")
        }
        if let adminProblem { throw adminProblem }
    }
}

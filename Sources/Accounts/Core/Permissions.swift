public import Base
internal import Tokens

/// Answers modules what users may do: from the principals in memory, else from one look-up. One a loop.
///
/// Principals are remembered under ``Identity/user(_:)`` beside those of tokens, so that the same change notices make the
/// same cache forget them.
public final class Permissions {
    private let store: any CoreStore
    private let cache: PrincipalCache
    private let clock: Clock

    /// Puts the workflow together.
    public init(store: any CoreStore, cache: PrincipalCache, clock: Clock) {
        self.store = store
        self.cache = cache
        self.clock = clock
    }

    /// The answers from memory, in the order of the questions; nil: ask ``answers(to:for:)``.
    ///
    /// - Parameter key: a key that belongs to an org hears of that org alone, which is then the default.
    public func answersNow(to checks: [PermissionCheck], for key: APIKey) -> [Bool]? {
        let now = clock.monotonic()
        var answers: [Bool] = []
        answers.reserveCapacity(checks.count)
        for check in checks {
            guard case .known(let principal, _) = cache.find(.user(check.userID), now: now) else { return nil }
            answers.append(Self.answer(check, principal, key))
        }
        return answers
    }

    /// The answers, in the order of the questions. Who is unknown or deactivated is allowed nothing.
    ///
    /// - Throws: 503 `database_unavailable` where somebody is not known from before.
    public func answers(to checks: [PermissionCheck], for key: APIKey) async throws(Problem) -> [Bool] {
        let principals = try await principals(of: Set(checks.map(\.userID)))
        return checks.map { check in
            principals[check.userID].map { Self.answer(check, $0, key) } ?? false
        }
    }

    /// The user; nil for one who is not there.
    public func principal(of user: EntityID) async throws(Problem) -> Principal? {
        try await principals(of: [user])[user]
    }

    /// In which tenant a user is asked about when none is named: the key's, else the user's current org.
    public static func tenant(_ named: EntityID?, of principal: Principal, for key: APIKey) -> EntityID? {
        named ?? key.orgID ?? principal.currentOrg
    }

    private static func answer(_ check: PermissionCheck, _ principal: Principal, _ key: APIKey) -> Bool {
        guard principal.isActive, key.reaches(principal) else { return false }
        let tenant = tenant(check.tenantID, of: principal, for: key)
        if let tenant, !key.reaches(tenant) { return false }
        return principal.isPermitted(check.permission, in: tenant)
    }

    /// What is known of these users, read in one go where it is not in memory.
    private func principals(of users: Set<EntityID>) async throws(Problem) -> [EntityID: Principal] {
        let now = clock.monotonic()
        var found: [EntityID: Principal] = [:]
        var stale: [EntityID: Principal] = [:]
        var missing: [EntityID] = []
        for user in users {
            switch cache.find(.user(user), now: now) {
            case .known(let principal, _): found[user] = principal
            case .stale(let principal):
                stale[user] = principal
                missing.append(user)
            case .unknown, .none: missing.append(user)
            }
        }
        guard !missing.isEmpty else { return found }
        let ticket = cache.ticket(now: now)
        let read: [Principal]
        do throws(Problem) {
            read = try await store.principals(of: missing)
        } catch {
            guard error.isOutage, stale.count == missing.count else { throw error }
            return found.merging(stale) { known, _ in known }
        }
        for principal in read {
            cache.remember(principal, ticket)
            found[principal.userID] = principal
        }
        return found
    }
}

extension Identity {
    /// By what a user is remembered whom a module has named by id; no issuer has this name.
    public static func user(_ id: EntityID) -> Identity {
        Identity(provider: .oidc, issuer: "vestibule:user", subject: id.description)
    }
}

extension APIKey {
    /// Whether the key may hear of the user: one that belongs to an org hears of that org's people alone.
    public func reaches(_ principal: Principal) -> Bool {
        orgID.map { principal.membership(in: $0) != nil } ?? true
    }
}

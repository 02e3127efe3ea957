public import Base
internal import Tokens

/// Lets people in: finds their e-mail, has the decision made and written, and remembers the outcome. One a loop.
public final class Provisioning {
    private let store: any AccountStore
    private let stored: (any StoredPeople)?
    private let lookup: (any EmailLookup)?
    private let cache: PrincipalCache
    private let settings: ProvisioningSettings
    private let clock: Clock
    private let log: Logger
    private let makeID: () -> EntityID

    /// Puts the workflow together.
    ///
    /// - Parameters:
    ///   - stored: what providers told by themselves; nil: nothing.
    ///   - lookup: asks providers for e-mails; nil: tokens alone are believed.
    public init(
        store: any AccountStore, stored: (any StoredPeople)? = nil, lookup: (any EmailLookup)?, cache: PrincipalCache,
        settings: ProvisioningSettings,
        clock: Clock, log: Logger, makeID: (() -> EntityID)? = nil
    ) {
        self.store = store
        self.stored = stored
        self.lookup = lookup
        self.cache = cache
        self.settings = settings
        self.clock = clock
        self.log = log
        self.makeID = makeID ?? { EntityID.make(clock) }
    }

    /// Signs a person in, and gives them an account and a place where they have none yet.
    ///
    /// - Throws: 403 `user_deactivated`, `email_missing`, `email_unverified`, `invitation_required`; 409
    ///   `identity_conflict`; 401 `token_claims_invalid` for an ID token of somebody else; 503 while the database is
    ///   away, and where all depends on an e-mail that the provider could not be asked for.
    public func provision(_ login: Login) async throws(Problem) -> Provisioned {
        let ticket = cache.ticket(now: clock.monotonic())
        let (claims, _, unanswered) = try await claims(of: login)
        let result = try await decide(login, claims, isDryRun: false)
        switch result.decision {
        case .refuse(let refusal):
            // The provider's outage is no fact about the person: nobody is told that they have no e-mail.
            if let unanswered, refusal == .emailMissing || refusal == .emailUnverified { throw unanswered }
            let problem = refusal.problem
            if result.facts.account == nil, !refusal.concernsLink {
                cache.rememberUnknown(
                    claims.identity, email: claims.email?.address,
                    refusal: RememberedRefusal(problem.code, of: login.token), ticket)
            }
            log.info(
                "login_refused",
                [
                    .text("request_id", login.requestID), .text("reason", refusal.rawValue),
                    .text("provider", claims.identity.provider.rawValue),
                ])
            throw problem
        case .admit(let admission):
            guard let account = result.account else {
                throw Problem(.internalError, "The login could not be finished.", cause: "no account after the writes")
            }
            cache.remember(account.principal, ticket)
            log.info(
                "login",
                [
                    .text("request_id", login.requestID), .id("user_id", admission.userID),
                    .text("outcome", admission.outcome.rawValue),
                ])
            return Provisioned(account: account, admission: admission)
        }
    }

    /// What the login would lead to; the very same steps, undone at the end.
    public func explain(_ login: Login) async throws(Problem) -> ProvisioningExplanation {
        let (claims, source, _) = try await claims(of: login)
        let result = try await decide(login, claims, isDryRun: true)
        return ProvisioningExplanation(
            claims: claims, emailSource: source, facts: result.facts, decision: result.decision)
    }

    private func decide(
        _ login: Login, _ claims: LoginClaims, isDryRun: Bool
    ) async throws(Problem) -> LoginResult {
        // Invites and domains are looked for by an e-mail that may grant something, else by the user's stored one.
        let isGood = claims.email.map { $0.isVerified || !settings.requireVerifiedEmail } ?? false
        let attempt = LoginAttempt(
            identity: claims.identity, email: isGood ? claims.email?.address : nil, requestID: login.requestID,
            clientAddress: login.clientAddress, inviteDigest: login.inviteToken.map { SecretDigest.sha256($0) },
            isDryRun: isDryRun)
        return try await store.provision(attempt) { [settings, makeID] facts in
            ProvisioningRules.decide(claims, facts, settings, makeID: makeID)
        }
    }

    /// Puts together what the login says. Asks the provider only where the tokens leave the e-mail open and the
    /// identity has no account yet; nothing is locked meanwhile. The problem says why it could not be asked.
    private func claims(of login: Login) async throws(Problem) -> (LoginClaims, EmailSource?, Problem?) {
        let identity = Identity(login.token)
        guard identity.subject.unicodeScalars.count <= Identity.maximumSubject else {
            throw Problem(
                .tokenClaimsInvalid, "The token's subject is longer than \(Identity.maximumSubject) characters.")
        }
        var search = EmailSearch()
        var person = PersonDetails(login.token.person)
        search.take(EmailEvidence(login.token), from: .token)
        if let idToken = login.idToken {
            guard Identity(idToken) == identity else {
                throw Problem(.tokenClaimsInvalid, "The ID token is not of the same person as the token.")
            }
            person = person.completed(by: PersonDetails(idToken.person))
            search.take(EmailEvidence(idToken), from: .idToken)
        }
        var unanswered: Problem?
        if search.isOpen(mustBeVerified: settings.requireVerifiedEmail), stored != nil || lookup != nil,
            try await store.account(of: identity) == nil
        {
            unanswered = try await searchFurther(for: login, identity, &search, &person)
        }
        let claims = LoginClaims(
            identity: identity, email: search.found, person: person.completed(by: login.hints),
            bootstrapToken: login.bootstrapToken, holdsInviteLink: login.inviteToken != nil, now: clock.wall())
        return (claims, search.source, unanswered)
    }

    /// What the provider told by itself, else what it says when it is asked. Returns why it could not be asked.
    private func searchFurther(
        for login: Login, _ identity: Identity, _ search: inout EmailSearch, _ person: inout PersonDetails
    ) async throws(Problem) -> Problem? {
        let authority = login.token.trusted.policy.emailDomains
        if let told = try await stored?.person(of: identity) {
            person = person.completed(by: told.details)
            // What was told before the address was verified is no answer: the provider is asked.
            let evidence = EmailEvidence(told, authority: authority)
            if evidence?.isVerified == true { search.take(evidence, from: .webhook) }
        }
        guard search.isOpen(mustBeVerified: settings.requireVerifiedEmail), let lookup else { return nil }
        do throws(Problem) {
            guard let found = try await lookup.email(of: login.token, bearer: login.bearer) else { return nil }
            person = person.completed(by: found.details)
            search.take(EmailEvidence(found, authority: authority), from: .provider)
            return nil
        } catch {
            // The e-mail stays open. Whoever can be decided about without it is; the others are told of the outage.
            log.warning(
                "email_lookup_failed",
                [.text("request_id", login.requestID), .text("cause", error.cause ?? error.message)])
            return error
        }
    }
}

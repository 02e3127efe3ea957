public import Base

/// Who is let in, and what must be written for it: the whole of contract §5 as one function of values.
///
/// The service, `vestibule explain` and the tests run this very function.
public struct ProvisioningRules {
    private let claims: LoginClaims
    private let facts: LoginFacts
    private let settings: ProvisioningSettings
    private let makeID: () -> EntityID

    /// Decides about a login.
    ///
    /// - Parameters:
    ///   - claims: what the login says.
    ///   - facts: what the database knows, read under locks.
    ///   - settings: the operator's choices.
    ///   - makeID: makes the ids of the rows to be written.
    public static func decide(
        _ claims: LoginClaims, _ facts: LoginFacts, _ settings: ProvisioningSettings, makeID: @escaping () -> EntityID
    ) -> ProvisioningDecision {
        ProvisioningRules(claims: claims, facts: facts, settings: settings, makeID: makeID).decision()
    }

    private func decision() -> ProvisioningDecision {
        if let account = facts.account { return existing(account) }
        if facts.isBarred { return .refuse(.userDeactivated) }
        guard let email = claims.email else { return .refuse(.emailMissing) }
        guard email.isVerified || !settings.requireVerifiedEmail else { return .refuse(.emailUnverified) }
        if let owner = facts.emailOwner { return belonging(to: owner, email) }
        if let refusal = linkRefusal(roles: [:]) { return .refuse(refusal) }
        if let newest = invites(for: email).first { return invited(newest, email) }
        if let domain = domain(of: email) { return fromDomain(domain, email) }
        if mayBootstrap(email) { return platformOwner(email) }
        return .refuse(.invitationRequired)
    }

    // MARK: Rule 1, the identity exists

    private func existing(_ account: Account) -> ProvisioningDecision {
        guard account.isUsable else { return .refuse(.userDeactivated) }
        let roles = Dictionary(account.memberships.map { ($0.orgID, $0.role) }, uniquingKeysWith: { first, _ in first })
        if let refusal = linkRefusal(roles: roles) { return .refuse(refusal) }
        // What an import has said of an identity becomes the person's own with their first login.
        var admission = ProvisioningDecision.Admission(
            outcome: account.isIdentityUnused ? .linked : .existing, userID: account.user.id, isNewUser: false,
            orgID: account.principal.currentOrg)
        recordLogin(of: account, into: &admission)
        joinWaiting(
            evidence(for: account), roles: roles, currentOrg: account.principal.currentOrg, into: &admission)
        return .admit(admission)
    }

    /// The e-mail that may bring an existing user into further orgs: the login's own when it is good enough, else
    /// the stored one, unless the issuer says no to it now.
    private func evidence(for account: Account) -> EmailEvidence? {
        if let email = claims.email {
            if email.isVerified || !settings.requireVerifiedEmail { return email }
            if email.standing == .denied { return nil }
        }
        guard let address = account.user.email.flatMap({ EmailAddress($0) }),
            account.user.isEmailVerified || !settings.requireVerifiedEmail
        else { return nil }
        return EmailEvidence(address, account.user.isEmailVerified ? .confirmed : .unknown)
    }

    /// A name is taken over when the provider says another one than last time; what the person changed here stays.
    private func recordLogin(of account: Account, into admission: inout ProvisioningDecision.Admission) {
        let person = claims.person.withFullName
        admission.writes.append(
            .recordLogin(
                identity: account.identity, verifiedEmail: verifiedEmail,
                claimed: person.completed(by: account.claimed)))
        guard let profile = account.profile else { return }
        let changes = person.changes(since: account.claimed).changes(since: profile.details)
        if changes != .unknown {
            admission.writes.append(.updateProfile(userID: account.user.id, changes: changes))
        }
    }

    private var verifiedEmail: String? {
        claims.email.flatMap { $0.isVerified ? $0.address.text : nil }
    }

    // MARK: Rule 2, the e-mail belongs to a user

    private func belonging(to owner: LoginFacts.EmailOwner, _ email: EmailEvidence) -> ProvisioningDecision {
        // Whoever lets an unverified e-mail pass must not be able to take over somebody's account with it, and
        // an account that was opened with an unverified e-mail must not swallow the real owner's identity.
        let isSame = email.isVerified && (owner.user.isEmailVerified || !owner.hasIdentity)
        guard isSame, !owner.hasIdentity || settings.linkByEmail else { return .refuse(.identityConflict) }
        guard owner.user.isActive, !owner.isProfileDeleted else { return .refuse(.userDeactivated) }
        if let refusal = linkRefusal(roles: owner.roles) { return .refuse(refusal) }
        let user = owner.user.id
        let person = claims.person.withFullName
        var admission = ProvisioningDecision.Admission(
            outcome: .linked, userID: user, isNewUser: false, orgID: owner.currentOrg)
        admission.writes.append(
            .createIdentity(
                id: makeID(), userID: user, identity: claims.identity, verifiedEmail: verifiedEmail, claimed: person))
        // A user made without a profile may have orgs: the first by id becomes the current one.
        let current = owner.currentOrg ?? (owner.hasProfile ? nil : owner.roles.keys.min())
        if owner.hasProfile {
            if !owner.hasIdentity, person != .unknown {
                admission.writes.append(.updateProfile(userID: user, changes: person))
            }
        } else {
            admission.orgID = current
            admission.writes.append(
                .createProfile(
                    userID: user, email: owner.user.email ?? email.address.text, details: person,
                    globalRole: .globalUser, currentOrg: current))
        }
        joinWaiting(email, roles: owner.roles, currentOrg: current, into: &admission)
        return .admit(admission)
    }

    // MARK: Rule 3, invites

    /// The invites that are still good, the one whose link is held first, then the newest.
    private func invites(for email: EmailEvidence?) -> [LoginFacts.WaitingInvite] {
        let linked = claims.holdsInviteLink ? facts.linkedInvite?.invite : nil
        let addressed = facts.invites.filter {
            $0.expiresAt > claims.now && $0.email == email?.address.canonical && $0.id != linked?.id
        }
        return (linked.map { [$0] } ?? [])
            + addressed.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }

    /// Why the invite whose link is held can't be accepted by somebody with these roles; nil where none is held.
    private func linkRefusal(roles: [EntityID: OrgRole]) -> ProvisioningDecision.Refusal? {
        guard claims.holdsInviteLink else { return nil }
        guard let linked = facts.linkedInvite else { return .inviteUnknown }
        switch linked.status {
        case .accepted: return .inviteUsed
        case .revoked: return .inviteRevoked
        case .expired: return .inviteExpired
        case .pending: break
        }
        if linked.invite.expiresAt <= claims.now { return .inviteExpired }
        if !linked.isHonoured { return .inviteWithdrawn }
        if let held = roles[linked.invite.orgID], held >= linked.invite.role { return .inviteNeedless }
        return nil
    }

    private func invited(_ newest: LoginFacts.WaitingInvite, _ email: EmailEvidence) -> ProvisioningDecision {
        var admission = newUser(.invite, email, currentOrg: newest.orgID)
        admission.inviteID = newest.id
        accept(invites(for: email), roles: [:], into: &admission)
        return .admit(admission)
    }

    // MARK: Rule 4, a verified domain

    private func domain(of email: EmailEvidence?) -> LoginFacts.WaitingDomain? {
        guard let domain = facts.domain, domain.domain == email?.address.domain else { return nil }
        return domain
    }

    private func fromDomain(_ domain: LoginFacts.WaitingDomain, _ email: EmailEvidence) -> ProvisioningDecision {
        var admission = newUser(.domain, email, currentOrg: domain.orgID)
        admission.domain = domain.domain
        admission.writes.append(
            .join(
                orgID: domain.orgID, userID: admission.userID, role: domain.role, addedBy: nil))
        return .admit(admission)
    }

    // MARK: Rule 5, the first platform owner

    private func mayBootstrap(_ email: EmailEvidence) -> Bool {
        guard !facts.hasPlatformOwner else { return false }
        if !settings.bootstrapEmails.isEmpty, !settings.bootstrapEmails.contains(email.address.canonical) {
            return false
        }
        guard let wanted = settings.bootstrapToken else { return true }
        guard let presented = claims.bootstrapToken else { return false }
        return wanted == presented
    }

    private func platformOwner(_ email: EmailEvidence) -> ProvisioningDecision {
        let org = facts.platformOrg ?? makeID()
        let user = makeID()
        var admission = ProvisioningDecision.Admission(
            outcome: .platformOwner, userID: user, isNewUser: true, orgID: org)
        admission.writes = userRows(user, email)
        admission.writes.append(.recordPlatformOwner(userID: user))
        if facts.platformOrg == nil { admission.writes.append(.createPlatformOrg(id: org, owner: user)) }
        admission.writes.append(profileRow(user, email, globalRole: .platformOwner, currentOrg: org))
        admission.writes.append(.join(orgID: org, userID: user, role: .owner, addedBy: nil))
        return .admit(admission)
    }

    // MARK: What several rules share

    private func newUser(
        _ outcome: ProvisioningDecision.Outcome, _ email: EmailEvidence, currentOrg: EntityID
    ) -> ProvisioningDecision.Admission {
        let user = makeID()
        var admission = ProvisioningDecision.Admission(
            outcome: outcome, userID: user, isNewUser: true, orgID: currentOrg)
        admission.writes = userRows(user, email)
        admission.writes.append(profileRow(user, email, globalRole: .globalUser, currentOrg: currentOrg))
        return admission
    }

    private func userRows(_ user: EntityID, _ email: EmailEvidence) -> [ProvisioningWrite] {
        [
            .createUser(id: user, email: email.address.text),
            .createIdentity(
                id: makeID(), userID: user, identity: claims.identity, verifiedEmail: verifiedEmail,
                claimed: claims.person.withFullName),
        ]
    }

    private func profileRow(
        _ user: EntityID, _ email: EmailEvidence, globalRole: GlobalRole, currentOrg: EntityID
    ) -> ProvisioningWrite {
        .createProfile(
            userID: user, email: email.address.text, details: claims.person.withFullName, globalRole: globalRole,
            currentOrg: currentOrg)
    }

    /// Rules 3 and 4 looked at again for a user that has an account.
    private func joinWaiting(
        _ email: EmailEvidence?, roles: [EntityID: OrgRole], currentOrg: EntityID?,
        into admission: inout ProvisioningDecision.Admission
    ) {
        var roles = roles
        let good = invites(for: email)
        if claims.holdsInviteLink { admission.inviteID = good.first?.id }
        var joined = accept(good, roles: roles, into: &admission)
        for org in joined { roles[org] = .user }
        if let domain = domain(of: email), !domain.wasLeft, roles[domain.orgID] == nil {
            admission.writes.append(
                .join(
                    orgID: domain.orgID, userID: admission.userID, role: domain.role, addedBy: nil))
            joined.append(domain.orgID)
        }
        admission.joined = joined
        if currentOrg == nil, let first = joined.first {
            admission.writes.append(.setCurrentOrg(userID: admission.userID, orgID: first))
            admission.orgID = first
        }
    }

    /// Accepts invites; a role that the user has already is never lowered.
    ///
    /// - Returns: the orgs that the user was not in before.
    @discardableResult
    private func accept(
        _ invites: [LoginFacts.WaitingInvite], roles: [EntityID: OrgRole],
        into admission: inout ProvisioningDecision.Admission
    ) -> [EntityID] {
        var roles = roles
        var joined: [EntityID] = []
        for invite in invites {
            let held = roles[invite.orgID]
            if held.map({ $0 < invite.role }) ?? true {
                admission.writes.append(
                    .join(
                        orgID: invite.orgID, userID: admission.userID, role: invite.role,
                        addedBy: invite.invitedBy))
                roles[invite.orgID] = invite.role
            }
            if held == nil { joined.append(invite.orgID) }
            admission.writes.append(.acceptInvite(id: invite.id, userID: admission.userID))
        }
        return joined
    }
}

import Accounts
import Base

/// Contract §5 written down a second time, as plainly as can be and without a look at the first: what should become
/// of a login, as the state that it leaves behind.
struct NaiveModel: Equatable {
    var verdict: String
    var isNewUser = false
    var roles: [EntityID: OrgRole] = [:]
    var accepted: Set<EntityID> = []
    var joined: Set<EntityID> = []
    var currentOrg: EntityID?
    var isPlatformOwner = false

    init(verdict: String) {
        self.verdict = verdict
    }

    static func expect(_ claims: LoginClaims, _ facts: LoginFacts, _ settings: ProvisioningSettings) -> NaiveModel {
        let mail = claims.email
        let isVerified = mail?.standing == .authority || mail?.standing == .confirmed
        let isGood = mail != nil && (isVerified || settings.requireVerifiedEmail == false)
        // 1
        if let account = facts.account {
            if account.user.isActive == false || account.profile?.deletedAt != nil {
                return NaiveModel(verdict: "user_deactivated")
            }
            var end = NaiveModel(verdict: "existing")
            for membership in account.memberships { end.roles[membership.orgID] = membership.role }
            end.currentOrg = account.profile?.currentOrg
            if let current = end.currentOrg, end.roles[current] == nil { end.currentOrg = nil }
            var address: EmailAddress?
            if isGood {
                address = mail?.address
            } else if mail?.standing != .denied,
                account.user.isEmailVerified || settings.requireVerifiedEmail == false
            {
                address = account.user.email.flatMap { EmailAddress($0) }
            }
            if let refusal = linkRefusal(claims, facts, end.roles) { return refusal }
            end.takeLink(claims, facts)
            if let address { end.lookAgain(address, facts, claims.now) }
            return end
        }
        if facts.isBarred { return NaiveModel(verdict: "user_deactivated") }
        guard let mail else { return NaiveModel(verdict: "email_missing") }
        if !isGood { return NaiveModel(verdict: "email_unverified") }
        // 2
        if let owner = facts.emailOwner {
            let hasProof = isVerified && (owner.user.isEmailVerified || owner.hasIdentity == false)
            if !hasProof || (owner.hasIdentity && settings.linkByEmail == false) {
                return NaiveModel(verdict: "identity_conflict")
            }
            if owner.user.isActive == false || owner.isProfileDeleted { return NaiveModel(verdict: "user_deactivated") }
            var end = NaiveModel(verdict: "linked")
            end.roles = owner.roles
            end.currentOrg = owner.currentOrg ?? (owner.hasProfile ? nil : owner.roles.keys.sorted().first)
            if let refusal = linkRefusal(claims, facts, end.roles) { return refusal }
            end.takeLink(claims, facts)
            end.lookAgain(mail.address, facts, claims.now)
            return end
        }
        // 3
        if let refusal = linkRefusal(claims, facts, [:]) { return refusal }
        let held = claims.holdsInviteLink ? facts.linkedInvite?.invite : nil
        let invites = good(facts, mail.address, claims.now)
        if let first = held ?? invites.last {
            var end = NaiveModel(verdict: "invite")
            end.isNewUser = true
            end.currentOrg = first.orgID
            for invite in invites + [held].compactMap(\.self) {
                end.accepted.insert(invite.id)
                end.roles[invite.orgID] = max(invite.role, end.roles[invite.orgID] ?? .user)
            }
            return end
        }
        // 4
        if let domain = facts.domain, domain.domain == mail.address.domain {
            var end = NaiveModel(verdict: "domain")
            end.isNewUser = true
            end.currentOrg = domain.orgID
            end.roles = [domain.orgID: domain.role]
            return end
        }
        // 5
        let isNamed = settings.bootstrapEmails.isEmpty || settings.bootstrapEmails.contains(mail.address.canonical)
        let hasToken = settings.bootstrapToken == nil || settings.bootstrapToken == claims.bootstrapToken
        if !facts.hasPlatformOwner && isNamed && hasToken {
            var end = NaiveModel(verdict: "platform_owner")
            end.isNewUser = true
            end.isPlatformOwner = true
            return end
        }
        return NaiveModel(verdict: "invitation_required")
    }

    private static func good(
        _ facts: LoginFacts, _ address: EmailAddress, _ now: Timestamp
    ) -> [LoginFacts.WaitingInvite] {
        facts.invites.filter { $0.email == address.canonical && now < $0.expiresAt }
            .sorted { $0.createdAt != $1.createdAt ? $0.createdAt < $1.createdAt : $0.id < $1.id }
    }

    private static func linkRefusal(
        _ claims: LoginClaims, _ facts: LoginFacts, _ roles: [EntityID: OrgRole]
    ) -> NaiveModel? {
        if claims.holdsInviteLink == false { return nil }
        guard let link = facts.linkedInvite else { return NaiveModel(verdict: "invite_unknown") }
        if link.status == .accepted { return NaiveModel(verdict: "invite_used") }
        if link.status == .revoked { return NaiveModel(verdict: "invite_revoked") }
        if link.status == .expired || claims.now >= link.invite.expiresAt {
            return NaiveModel(verdict: "invite_expired")
        }
        if link.isHonoured == false { return NaiveModel(verdict: "invite_withdrawn") }
        if max(roles[link.invite.orgID] ?? .user, link.invite.role) == roles[link.invite.orgID] {
            return NaiveModel(verdict: "invite_needless")
        }
        return nil
    }

    private mutating func takeLink(_ claims: LoginClaims, _ facts: LoginFacts) {
        guard claims.holdsInviteLink, let invite = facts.linkedInvite?.invite else { return }
        accepted.insert(invite.id)
        if roles[invite.orgID] == nil {
            joined.insert(invite.orgID)
            if currentOrg == nil { currentOrg = invite.orgID }
        }
        roles[invite.orgID] = invite.role
    }

    private mutating func lookAgain(_ address: EmailAddress, _ facts: LoginFacts, _ now: Timestamp) {
        let invites = Self.good(facts, address, now)
        for invite in invites {
            accepted.insert(invite.id)
            if roles[invite.orgID] == nil { joined.insert(invite.orgID) }
            roles[invite.orgID] = max(invite.role, roles[invite.orgID] ?? invite.role)
        }
        if currentOrg == nil { currentOrg = invites.last { joined.contains($0.orgID) }?.orgID }
        if let domain = facts.domain, domain.domain == address.domain, !domain.wasLeft, roles[domain.orgID] == nil {
            roles[domain.orgID] = domain.role
            joined.insert(domain.orgID)
            if currentOrg == nil { currentOrg = domain.orgID }
        }
    }
}

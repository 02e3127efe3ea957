import Accounts
import Base
import Testing

@Suite struct ProvisioningPropertyTests {
    static let worlds = 120_000

    @Test("On made-up worlds the decision leaves behind what a naive model expects", arguments: [UInt64(1), 2, 3, 4])
    func againstModel(seed: UInt64) {
        var maker = WorldMaker(seed: seed)
        var seen: [String: Int] = [:]
        for round in 0..<(Self.worlds / 4) {
            let (claims, facts, settings) = maker.make()
            let expected = NaiveModel.expect(claims, facts, settings)
            let decision = ProvisioningRules.decide(claims, facts, settings) { EntityID.make() }
            let got = Self.outcome(of: decision, facts)
            seen[expected.verdict, default: 0] += 1
            if got != expected {
                Issue.record("seed \(seed) world \(round): got \(got), expected \(expected) of \(claims) \(facts)")
                return
            }
        }
        let verdicts = Set(
            ProvisioningDecision.Outcome.allCases.map(\.rawValue)
                + ProvisioningDecision.Refusal.allCases.map(\.rawValue))
        #expect(Set(seen.keys) == verdicts)
        #expect(seen.values.allSatisfy { $0 >= 100 })
    }

    /// Plays the writes back on the state that the facts describe, and holds them to what must always be true.
    private static func outcome(of decision: ProvisioningDecision, _ facts: LoginFacts) -> NaiveModel {
        guard case .admit(let admission) = decision else {
            guard case .refuse(let refusal) = decision else { return NaiveModel(verdict: "?") }
            return NaiveModel(verdict: refusal.rawValue)
        }
        var end = NaiveModel(verdict: admission.outcome.rawValue)
        end.isNewUser = admission.isNewUser
        end.joined = Set(admission.joined)
        switch admission.outcome {
        case .existing:
            end.roles = Dictionary(
                uniqueKeysWithValues: facts.account?.memberships.map { ($0.orgID, $0.role) } ?? [])
            end.currentOrg = facts.account?.principal.currentOrg
        case .linked:
            end.roles = facts.emailOwner?.roles ?? [:]
            end.currentOrg = facts.emailOwner?.currentOrg
        default: break
        }
        var (users, identities, profiles, owners) = (0, 0, 0, 0)
        for write in admission.writes {
            switch write {
            case .createUser(let id, _):
                users += 1
                #expect(id == admission.userID)
            case .createIdentity(_, let user, _, _, _):
                identities += 1
                #expect(user == admission.userID)
            case .createProfile(_, _, _, let role, let org):
                profiles += 1
                end.isPlatformOwner = role == .platformOwner
                end.currentOrg = org
            case .recordPlatformOwner: owners += 1
            case .createPlatformOrg(let id, _): #expect(facts.platformOrg == nil && id == admission.orgID)
            case .join(let org, let user, let role, _):
                #expect(user == admission.userID)
                #expect(end.roles[org].map { $0 < role } ?? true, "a role must never be lowered")
                end.roles[org] = role
            case .acceptInvite(let id, _):
                #expect((facts.invites + [facts.linkedInvite?.invite].compactMap(\.self)).contains { $0.id == id })
                end.accepted.insert(id)
            case .setCurrentOrg(_, let org): end.currentOrg = org
            case .updateProfile, .recordLogin: break
            }
        }
        #expect(users == (admission.isNewUser ? 1 : 0))
        #expect(identities == (admission.outcome == .existing ? 0 : 1))
        #expect(owners == (admission.outcome == .platformOwner ? 1 : 0))
        let needsProfile =
            admission.isNewUser || (admission.outcome == .linked && facts.emailOwner?.hasProfile == false)
        #expect(profiles == (needsProfile ? 1 : 0))
        if admission.outcome == .platformOwner {
            #expect(!facts.hasPlatformOwner)
            #expect(end.roles == [end.currentOrg ?? admission.userID: .owner])
            // Its id is made anew; the model can't know it.
            end.roles = [:]
            end.currentOrg = nil
        }
        return end
    }
}

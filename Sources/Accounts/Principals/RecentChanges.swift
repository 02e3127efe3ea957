internal import Base

/// The last changes that were announced, so that a read that began before one of them is not remembered.
struct RecentChanges {
    static let capacity = 1024

    private var ring: [AccountChange] = []
    /// How many changes were announced in all.
    private(set) var position = 0

    mutating func append(_ change: AccountChange) {
        if ring.count < Self.capacity {
            ring.append(change)
        } else {
            ring[position % Self.capacity] = change
        }
        position += 1
    }

    func leaves(_ principal: Principal, since start: Int) -> Bool {
        isClear(since: start) { $0.concerns(principal) }
    }

    func leavesUnknown(_ identity: Identity, _ email: EmailAddress?, since start: Int) -> Bool {
        isClear(since: start) { $0.concernsUnknown(identity, email) }
    }

    /// False also when more changes came than are kept.
    private func isClear(since start: Int, _ concerns: (AccountChange) -> Bool) -> Bool {
        guard position - start <= Self.capacity else { return false }
        return !(start..<position).contains { concerns(ring[$0 % Self.capacity]) }
    }
}

extension AccountChange {
    /// Whether a principal read before the change may be wrong after it.
    func concerns(_ principal: Principal) -> Bool {
        switch self {
        case .user(let user): principal.userID == user
        case .org(let org): principal.membership(in: org) != nil
        case .role(let org?): principal.membership(in: org) != nil
        case .role(nil), .everything: true
        case .identity(let issuer, let subject):
            principal.identity.issuer == issuer && principal.identity.subject == subject
        // Lets people in and takes nothing away; who is in already joins at the next login.
        case .email, .domain, .newcomers: false
        }
    }

    /// Whether an identity without user may have one, or be let in, after the change.
    func concernsUnknown(_ identity: Identity, _ email: EmailAddress?) -> Bool {
        switch self {
        case .user, .org, .role: false
        case .email(let changed): email.map { $0.canonical == changed } ?? true
        case .domain(let domain): email.map { $0.domain == domain } ?? true
        case .identity(let issuer, let subject): identity.issuer == issuer && identity.subject == subject
        case .newcomers, .everything: true
        }
    }
}

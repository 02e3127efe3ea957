internal import Base
internal import Tokens

/// One shard of the principal cache: entries in slots, found by identity and by user, evicted by second chance.
struct PrincipalTable {
    enum Found {
        case principal(Principal, readAt: Instant)
        case unknown(RememberedRefusal?, readAt: Instant)
    }

    private struct Slot {
        var principal: Principal
        var readAt: Instant
        var usedAt: Instant
        var wasUsed: Bool
    }

    private struct Unknown {
        var email: EmailAddress?
        var refusal: RememberedRefusal?
        var readAt: Instant
    }

    private let unknownCapacity: Int
    private var slots: [Slot?] = []
    private var free: [Int] = []
    private var byIdentity: [Identity: Int] = [:]
    private var byUser: [EntityID: [Int]] = [:]
    private var hand = 0
    private var unknowns: [Identity: Unknown] = [:]

    /// - Parameter unknownCapacity: so many identities without user are remembered at most.
    init(unknownCapacity: Int) {
        self.unknownCapacity = unknownCapacity
    }

    var count: Int { byIdentity.count }

    mutating func find(_ identity: Identity, now: Instant) -> Found? {
        if let position = byIdentity[identity], let slot = slots[position] {
            slots[position]?.wasUsed = true
            slots[position]?.usedAt = now
            return .principal(slot.principal, readAt: slot.readAt)
        }
        return unknowns[identity].map { .unknown($0.refusal, readAt: $0.readAt) }
    }

    /// - Parameter mayGrow: whether there may be one more; else another goes, and where there is none, nothing is put in.
    mutating func insert(_ principal: Principal, readAt: Instant, mayGrow: Bool) {
        unknowns[principal.identity] = nil
        var wasThere = false
        if let position = byIdentity[principal.identity] {
            wasThere = true
            // Two reads may end in another order than they began.
            if let present = slots[position], present.readAt > readAt { return }
            remove(at: position)
        }
        let position: Int
        if !mayGrow, !wasThere {
            if byIdentity.isEmpty { return }
            position = evict()
        } else if let reused = free.popLast() {
            position = reused
        } else {
            position = slots.count
            slots.append(nil)
        }
        slots[position] = Slot(principal: principal, readAt: readAt, usedAt: readAt, wasUsed: false)
        byIdentity[principal.identity] = position
        byUser[principal.userID, default: []].append(position)
    }

    /// Whose principals were read before a moment and asked for since another.
    func identities(readBefore: Instant, usedSince: Instant) -> [Identity] {
        var found: [Identity] = []
        for slot in slots {
            if let slot, slot.readAt < readBefore, slot.usedAt >= usedSince { found.append(slot.principal.identity) }
        }
        return found
    }

    /// Takes over what was read again of a principal that is still remembered; the same one stays where it says the same.
    ///
    /// - Returns: whether it says something else.
    mutating func refresh(_ principal: Principal, readAt: Instant) -> Bool {
        guard let position = byIdentity[principal.identity], let present = slots[position], present.readAt < readAt
        else { return false }
        if present.principal.isSame(as: principal) {
            slots[position]?.readAt = readAt
            return false
        }
        remove(at: position)
        insert(principal, readAt: readAt, mayGrow: true)
        slots[byIdentity[principal.identity] ?? position]?.usedAt = present.usedAt
        return true
    }

    mutating func insertUnknown(
        _ identity: Identity, _ email: EmailAddress?, _ refusal: RememberedRefusal?, readAt: Instant
    ) {
        guard unknownCapacity > 0, byIdentity[identity] == nil else { return }
        // Brief entries: when there are too many, an arbitrary one goes, which costs one more question.
        if unknowns.count >= unknownCapacity, unknowns[identity] == nil, let any = unknowns.keys.first {
            unknowns[any] = nil
        }
        unknowns[identity] = Unknown(email: email, refusal: refusal, readAt: readAt)
    }

    mutating func forget(_ change: AccountChange) {
        switch change {
        case .user(let user):
            for position in byUser[user] ?? [] { remove(at: position) }
        case .identity(let issuer, let subject):
            let matching = Identity(provider: .oidc, issuer: issuer, subject: subject)
            if let position = byIdentity[matching] { remove(at: position) }
            unknowns[matching] = nil
        case .email, .domain, .newcomers:
            forgetUnknowns(change)
        case .org, .role, .everything:
            for position in slots.indices {
                if let slot = slots[position], change.concerns(slot.principal) { remove(at: position) }
            }
            if change == .everything { forgetUnknowns(change) }
        }
    }

    private mutating func forgetUnknowns(_ change: AccountChange) {
        // Most changes concern nobody here: look before anything is copied.
        for identity in unknowns.filter({ change.concernsUnknown($0.key, $0.value.email) }).keys {
            unknowns[identity] = nil
        }
    }

    /// Frees a slot by second chance: an entry that was used since the hand came by last stays once more.
    private mutating func evict() -> Int {
        while true {
            let position = hand
            hand = (hand + 1) % slots.count
            guard let slot = slots[position] else { continue }
            if slot.wasUsed {
                slots[position]?.wasUsed = false
            } else {
                remove(at: position)
                // The caller takes the slot at once; it must not be on the free list too.
                free.removeLast()
                return position
            }
        }
    }

    private mutating func remove(at position: Int) {
        guard let slot = slots[position] else { return }
        slots[position] = nil
        free.append(position)
        byIdentity[slot.principal.identity] = nil
        let user = slot.principal.userID
        byUser[user]?.removeAll { $0 == position }
        if byUser[user]?.isEmpty == true { byUser[user] = nil }
    }
}

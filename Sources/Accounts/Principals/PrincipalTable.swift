internal import Base
internal import Tokens

/// One shard of the principal cache: entries in slots, found by identity and by user, evicted by second chance.
struct PrincipalTable {
    enum Found {
        case principal(Principal, readAt: Instant)
        case unknown(ErrorCode?, readAt: Instant)
    }

    private struct Slot {
        var principal: Principal
        var readAt: Instant
        var wasUsed: Bool
    }

    private struct Unknown {
        var email: EmailAddress?
        var refusal: ErrorCode?
        var readAt: Instant
    }

    private let capacity: Int
    private let unknownCapacity: Int
    private var slots: [Slot?] = []
    private var free: [Int] = []
    private var byIdentity: [Identity: Int] = [:]
    private var byUser: [EntityID: [Int]] = [:]
    private var hand = 0
    private var unknowns: [Identity: Unknown] = [:]

    init(capacity: Int) {
        self.capacity = capacity
        unknownCapacity = (capacity + 7) / 8
    }

    var count: Int { byIdentity.count }

    mutating func find(_ identity: Identity) -> Found? {
        if let position = byIdentity[identity], let slot = slots[position] {
            slots[position]?.wasUsed = true
            return .principal(slot.principal, readAt: slot.readAt)
        }
        return unknowns[identity].map { .unknown($0.refusal, readAt: $0.readAt) }
    }

    mutating func insert(_ principal: Principal, readAt: Instant) {
        guard capacity > 0 else { return }
        unknowns[principal.identity] = nil
        if let position = byIdentity[principal.identity] {
            // Two reads may end in another order than they began.
            if let present = slots[position], present.readAt > readAt { return }
            remove(at: position)
        }
        let position: Int
        if let reused = free.popLast() {
            position = reused
        } else if slots.count < capacity {
            position = slots.count
            slots.append(nil)
        } else {
            position = evict()
        }
        slots[position] = Slot(principal: principal, readAt: readAt, wasUsed: false)
        byIdentity[principal.identity] = position
        byUser[principal.userID, default: []].append(position)
    }

    mutating func insertUnknown(
        _ identity: Identity, _ email: EmailAddress?, _ refusal: ErrorCode?, readAt: Instant
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

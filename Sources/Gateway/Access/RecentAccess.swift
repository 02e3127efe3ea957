internal import Accounts
internal import Base
internal import Tokens

/// The last allows of one loop to questions that name no org and whose rule looks at no time, found by the verified token
/// itself and the rule.
///
/// An entry is used only while nobody's account has changed since it was made, and no longer than the principal in it
/// would be. The token's time and revocation are looked at before, as for every request.
struct RecentAccess {
    private struct Entry {
        let token: VerifiedToken
        let rule: Int
        let access: Access
        let version: Int
        let until: Instant
    }

    private var entries: [Entry?]
    private let mask: Int

    /// - Parameter slots: so many are remembered at most; a power of two. A newcomer takes the place of another.
    init(slots: Int = 4096) {
        precondition(slots.nonzeroBitCount == 1)
        entries = Array(repeating: nil, count: slots)
        mask = slots - 1
    }

    /// What an allow to the question is remembered by beside the token; nil where it must not be.
    static func key(_ question: AccessQuestion) -> Int? {
        guard question.orgHeader == nil else { return nil }
        guard let rule = question.rule else { return -1 }
        return rule.orgID == nil && rule.requirement.maximumAge == nil ? rule.number ?? -1 : nil
    }

    /// The allow of this token by this rule, if it still holds.
    func find(_ token: VerifiedToken, rule: Int, version: Int, now: Instant) -> Access? {
        guard let entry = entries[slot(token, rule)], entry.token === token, entry.rule == rule,
            entry.version == version, now < entry.until
        else { return nil }
        return entry.access
    }

    /// Remembers an allow.
    ///
    /// - Parameters:
    ///   - version: the accounts' version, as read before the principal was looked for.
    ///   - until: when the principal must be read again.
    mutating func remember(_ access: Access, of token: VerifiedToken, rule: Int, version: Int, until: Instant) {
        guard case .allowed = access.outcome else { return }
        entries[slot(token, rule)] = Entry(token: token, rule: rule, access: access, version: version, until: until)
    }

    /// Objects lie at multiples of 16.
    private func slot(_ token: VerifiedToken, _ rule: Int) -> Int {
        let address = UInt(bitPattern: ObjectIdentifier(token))
        return (Int(truncatingIfNeeded: (address >> 4) ^ (address >> 16)) &+ rule &* 31) & mask
    }
}

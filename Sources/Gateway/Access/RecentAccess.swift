internal import Base
internal import Tokens

/// The last allows of one loop to questions that name neither rule nor org, found by the verified token itself.
///
/// An entry is used only while nobody's account has changed since it was made, and no longer than the principal in it
/// would be. The token's time and revocation are looked at before, as for every request.
struct RecentAccess {
    private struct Entry {
        let token: VerifiedToken
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

    /// The allow of this token, if it still holds.
    func find(_ token: VerifiedToken, version: Int, now: Instant) -> Access? {
        guard let entry = entries[slot(token)], entry.token === token, entry.version == version, now < entry.until
        else { return nil }
        return entry.access
    }

    /// Remembers an allow.
    ///
    /// - Parameters:
    ///   - version: the accounts' version, as read before the principal was looked for.
    ///   - until: when the principal must be read again.
    mutating func remember(_ access: Access, of token: VerifiedToken, version: Int, until: Instant) {
        guard case .allowed = access.outcome else { return }
        entries[slot(token)] = Entry(token: token, access: access, version: version, until: until)
    }

    /// Objects lie at multiples of 16.
    private func slot(_ token: VerifiedToken) -> Int {
        let address = UInt(bitPattern: ObjectIdentifier(token))
        return Int(truncatingIfNeeded: (address >> 4) ^ (address >> 16)) & mask
    }
}

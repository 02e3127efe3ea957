internal import Base
internal import Synchronization
internal import Tokens

/// What the keeper's loop shows to all loops.
final class TrustBoard: Sendable {
    struct Content {
        var store: TrustStore
        /// Until when asking for an unknown key is in vain, by issuer; none while a fetch is under way.
        var refusals: [String: Instant] = [:]
        /// When the keys were last fetched, by issuer.
        var fetched: [String: Instant] = [:]
        /// Keys that an administrator took out, by issuer.
        var dropped: [String: Set<String>] = [:]
        /// Until when asking for an id is in vain, by issuer and id.
        var absent: [String: [String: Instant]] = [:]
    }

    private let content: Mutex<Content>

    init(_ store: TrustStore) {
        content = Mutex(Content(store: store))
    }

    var store: TrustStore { content.withLock { $0.store } }

    func fetched(_ issuer: String) -> Instant? { content.withLock { $0.fetched[issuer] } }

    /// The snapshot when a fetch for the key would be in vain: it is there, it was taken out, its issuer is not
    /// trusted, or was asked a moment ago. Nil when a fetch may help.
    func settled(_ issuer: String, _ kid: String?, now: Instant) -> TrustStore? {
        let content = self.content.withLock { $0 }
        guard let trusted = content.store.issuer(issuer) else { return content.store }
        if let refusal = content.refusals[issuer], now < refusal { return content.store }
        guard let kid else { return nil }
        if content.dropped[issuer]?.contains(kid) == true { return content.store }
        if let absence = content.absent[issuer]?[kid], now < absence { return content.store }
        guard let keys = trusted.keys else { return nil }
        let isThere = keys.keys.contains { $0.id == kid } || keys.skipped.contains { $0.id == kid }
        return isThere ? content.store : nil
    }

    func change(_ body: (inout Content) -> Void) {
        content.withLock { content in body(&content) }
    }
}

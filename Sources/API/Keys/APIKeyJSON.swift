internal import Accounts
internal import Base

extension JSONWriter {
    /// The members of an API key; the key itself is no member of it.
    mutating func members(of key: APIKey) {
        member("id", key.id)
        member("key_id", key.keyID)
        member("name", key.name)
        member("module", key.module)
        member("org_id", key.orgID)
        texts("allow_cidrs", key.networks.map(\.description))
        member("rate_limit", key.rateLimit)
        member("expires_at", key.expiresAt)
        member("replaces", key.replaces)
        member("revoked_at", key.revokedAt)
        member("last_used_at", key.lastUsedAt)
        member("created_at", key.createdAt)
    }
}

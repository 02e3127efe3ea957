internal import Accounts
internal import Base

/// The lines of `vestibule keys list`.
enum KeysTable {
    static let head =
        "ID".padded(to: 18) + "STATE".padded(to: 10) + "MODULE".padded(to: 16) + "EXPIRES".padded(to: 29)
        + "LAST USED".padded(to: 29) + "NAME"

    static func line(_ key: APIKey, _ now: Timestamp) -> String {
        let state = key.revokedAt != nil ? "revoked" : key.isUsable(at: now) ? "valid" : "expired"
        return key.keyID.padded(to: 18) + state.padded(to: 10) + key.module.padded(to: max(16, key.module.count + 1))
            + moment(key.expiresAt) + moment(key.lastUsedAt) + key.name
            + (key.orgID.map { "  org \($0)" } ?? "")
            + (key.networks.isEmpty ? "" : "  from \(key.networks.map(\.description).joined(separator: ","))")
    }

    private static func moment(_ moment: Timestamp?) -> String {
        (moment.map { "\($0)" } ?? "-").padded(to: 29)
    }
}

internal import Postgres

/// An identity that an import has made.
enum ImportedIdentity {
    /// Whether a row `e` of `external_identities` is one that nobody has signed in by. A login leaves its time, and whoever
    /// links an identity leaves what the provider says of them.
    static let isUnused: SQL = "(e.last_login_at IS NULL AND NOT e.metadata ? 'claimed')"
}

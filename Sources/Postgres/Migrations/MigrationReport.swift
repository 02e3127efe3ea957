public import Base

/// What the files and the database say about migrations, side by side.
public struct MigrationReport: Sendable, Equatable {
    /// One migration's state.
    public enum State: Sendable, Equatable {
        /// Applied at that moment, from a file that is still the same.
        case applied(Timestamp)
        /// In the files, not in the database.
        case pending
        /// Pending, though a later one is applied.
        case outOfOrder
        /// Applied, but the file has been changed since.
        case changed(Timestamp)
        /// Applied, but there is no such file.
        case missing(Timestamp)
    }

    /// One line of the report.
    public struct Entry: Sendable, Equatable {
        /// Fourteen digits.
        public let version: String
        /// The name.
        public let name: String
        /// The state.
        public let state: State
        /// Whether it can be taken back.
        public let hasRollback: Bool

        /// The file's name.
        public var file: String { "\(version)_\(name).sql" }
    }

    /// All migrations by version.
    public let entries: [Entry]

    /// Those that `up` would apply.
    public var pending: [Entry] { entries.filter { $0.state == .pending } }

    /// What `verify` complains about, a sentence each; empty when all is well.
    public var problems: [String] {
        entries.compactMap { entry in
            switch entry.state {
            case .applied, .pending: nil
            case .outOfOrder: "\(entry.file): is not applied, but a later migration is"
            case .changed: "\(entry.file): was changed after it was applied"
            case .missing: "\(entry.file): is applied, but there is no such file"
            }
        }
    }

    init(files: [(migration: Migration, checksum: String)], applied: [AppliedMigration]) {
        let byVersion = Dictionary(applied.map { ($0.version, $0) }) { first, _ in first }
        let latest = applied.map { $0.version }.max() ?? ""
        var entries = files.map { file, checksum in
            let state: State
            if let applied = byVersion[file.version] {
                let isSame = applied.checksum == checksum && applied.name == file.name
                state = isSame ? .applied(applied.appliedAt) : .changed(applied.appliedAt)
            } else {
                state = file.version < latest ? .outOfOrder : .pending
            }
            return Entry(version: file.version, name: file.name, state: state, hasRollback: file.down != nil)
        }
        let known = Set(files.map { $0.migration.version })
        for gone in applied where !known.contains(gone.version) {
            entries.append(
                Entry(version: gone.version, name: gone.name, state: .missing(gone.appliedAt), hasRollback: false))
        }
        self.entries = entries.sorted { $0.version < $1.version }
    }
}

/// A row of `schema_migrations`.
struct AppliedMigration: Sendable, Equatable {
    let version: String
    let name: String
    let checksum: String
    let appliedAt: Timestamp
}

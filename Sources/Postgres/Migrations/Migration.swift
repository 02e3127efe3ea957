/// One step of the schema.
public struct Migration: Sendable, Equatable {
    /// `YYYYMMDDhhmmss`; the order of the steps.
    public let version: String
    /// What it does, from the file's name.
    public let name: String
    /// The SQL that goes up.
    public let up: String
    /// The SQL that undoes it.
    public let down: String

    /// States a step.
    public init(version: String, name: String, up: String, down: String) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }
}

/// A step as the database has it, or the files, or both.
public struct MigrationStatus: Sendable, Equatable {
    /// How file and database stand to each other.
    public enum State: String, Sendable {
        case applied
        case pending
        /// The file is not the one that was applied.
        case changed
        /// The database has it, the files don't.
        case missing
        /// It is pending, but a later one was applied.
        case late
    }

    /// `YYYYMMDDhhmmss`.
    public let version: String
    /// What it does.
    public let name: String
    /// How file and database stand to each other.
    public let state: State
    /// When it was applied, as the server writes it.
    public let appliedAt: String?
}

/// Why migrating stopped.
public struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// Whether the database could not be reached at all.
    public let isUnreachable: Bool
    /// One sentence that names the file and how to mend it.
    public let description: String

    init(_ description: String, isUnreachable: Bool = false) {
        self.description = description
        self.isUnreachable = isUnreachable
    }
}

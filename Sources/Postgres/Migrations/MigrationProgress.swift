/// What a migration run tells while it goes on.
public enum MigrationProgress: Sendable, Equatable {
    /// Another run holds the lock; this one goes on after it.
    case waiting
    /// Others hold what this file must lock; it is tried again. Who they are, as far as can be seen.
    case blocked(file: String, by: String)
    /// This file is being applied; its place among those to apply, from 1.
    case applying(file: String, number: Int, of: Int)
    /// This file is being taken back.
    case reverting(file: String, number: Int, of: Int)
    /// The file is done, after so long.
    case done(file: String, Duration)
}

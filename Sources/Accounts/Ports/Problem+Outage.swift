internal import Base

extension Problem {
    /// Whether the database could not be asked, or had no time for it: what is known from before is served then.
    var isOutage: Bool { code == .databaseUnavailable || code == .overloaded }
}

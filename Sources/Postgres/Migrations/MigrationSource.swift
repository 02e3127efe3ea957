/// Where migrations come from: a folder, or what is built into the binary.
public protocol MigrationSource: Sendable {
    /// All migrations, in any order.
    ///
    /// - Throws: ``MigrationError`` of kind `.source` when they can't be read or their names are wrong.
    func migrations() throws(MigrationError) -> [Migration]
}

/// Migrations held in memory, such as those built into the binary.
public struct EmbeddedMigrations: MigrationSource {
    private let all: [Migration]

    /// The given migrations.
    public init(_ migrations: [Migration]) {
        all = migrations
    }

    /// The given migrations.
    public func migrations() throws(MigrationError) -> [Migration] { all }
}

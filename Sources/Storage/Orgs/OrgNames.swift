public import Base
public import Postgres

/// Finds an org by what a person calls it, for the command line: as the service.
public final class OrgNames {
    private let database: Database

    /// Looks in the given database.
    public init(database: Database) {
        self.database = database
    }

    /// The id of the org with this slug or id. `not_found`.
    public func id(of name: String) async throws(Problem) -> EntityID {
        do {
            let found = try await database.query(Self.byName, .text(name), .uuid(EntityID(name)))
            if let id = found.first { return id }
        } catch {
            throw Problem.from(error)
        }
        throw Problem(.notFound, "There is no organization \(name).")
    }

    private static let byName = Statement<EntityID>(
        "org_by_name", "SELECT id FROM public.org WHERE (slug = $1 OR id = $2) AND deleted_at IS NULL"
    ) { row in try row.uuid(0) }
}

internal import Accounts
internal import Base
internal import Postgres

/// How the resources of a type are listed.
struct SCIMListing<Resource: Sendable> {
    let type: SCIMResourceType
    /// What leads to the other type; a search looks it up only where the query mentions it.
    let relation: String
    let count: Statement<Int64>
    let page: Statement<EntityID>
    let search: Statement<(total: Int, ids: [EntityID])>
    /// The ids that a filter's key leads to.
    let find: (SCIMFilter.Key, Transaction) async throws -> [EntityID]
    /// The resources with these ids, of them those that a path predicate means.
    let read: ([EntityID], String?, Transaction) async throws -> [Resource]

    /// The part of the org's resources that is asked for.
    func part(
        of org: EntityID, _ query: SCIMQuery, _ transaction: Transaction
    ) async throws -> SCIMList<Resource> {
        let path = try query.filter?.jsonPath(type)
        if let key = query.filter?.key(type) {
            let found = try await read(try await find(key, transaction), path, transaction)
            return SCIMList(total: found.count, elements: query.part(of: found))
        }
        let total: Int
        let ids: [EntityID]
        if path == nil, query.sortBy == nil {
            let count = transaction.send(count, .uuid(org))
            let page = transaction.send(page, .uuid(org), .int(query.count), .int(query.startIndex - 1))
            try await transaction.flush()
            (total, ids) = (Int(count.first ?? 0), page.rows)
        } else {
            let found = try await transaction.query(
                search, .uuid(org), .text(path), .bool(query.mentions(relation)),
                .text(try query.sortBy?.jsonPath(type) ?? "$.nothing"), .bool(query.isDescending), .int(query.count),
                .int(query.startIndex - 1)
            ).first
            (total, ids) = (found?.total ?? 0, found?.ids ?? [])
        }
        return SCIMList(total: total, elements: try await read(ids, nil, transaction))
    }
}

public import Accounts
public import Base
internal import Postgres

extension SCIMRepository {
    /// See ``SCIMStore``.
    public func groups(
        _ caller: SCIMCaller, _ query: SCIMQuery, withMembers: Bool
    ) async throws -> SCIMList<SCIMGroup> {
        let needsMembers = withMembers || query.mentions("members")
        let listing = SCIMListing(
            type: .group, relation: "members", count: SCIMGroupStatements.count, page: SCIMGroupStatements.page,
            search: SCIMGroupStatements.search, find: { try await Self.ids(caller, $0, $1) },
            read: { try await Self.groups(caller, $0, $1, withMembers: needsMembers, $2) })
        return try await session.run(caller) { try await listing.part(of: caller.orgID, query, $0) }
    }

    /// See ``SCIMStore``.
    public func group(_ caller: SCIMCaller, _ id: EntityID, withMembers: Bool) async throws -> SCIMGroup? {
        try await session.run(caller) {
            try await Self.groups(caller, [id], nil, withMembers: withMembers, $0).first
        }
    }

    /// See ``SCIMStore``.
    public func createGroup(_ caller: SCIMCaller, _ draft: SCIMGroupDraft, id: EntityID) async throws -> SCIMGroup {
        try await session.run(caller) { transaction in
            transaction.send(
                SCIMGroupStatements.create, .uuid(caller.orgID), .uuid(id), .text(draft.displayName),
                .text(draft.externalID))
            try await Self.add(draft.members, caller, id, transaction)
            guard let group = try await Self.groups(caller, [id], nil, withMembers: true, transaction).first else {
                throw SCIMError.notFound
            }
            return group
        }
    }

    /// See ``SCIMStore``.
    public func changeGroup(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMGroup) throws -> SCIMGroupDraft?
    ) async throws -> (group: SCIMGroup, people: [EntityID]) {
        try await session.run(caller) { transaction in
            let before = try await Self.locked(caller, id, transaction)
            guard let draft = try decide(before) else { return (before, []) }
            let members = Set(before.members)
            let gone = members.subtracting(draft.members)
            transaction.send(
                SCIMGroupStatements.change, .uuid(caller.orgID), .uuid(id), .text(draft.displayName),
                .text(draft.externalID))
            for statement in [SCIMGroupStatements.removeMembers, SCIMGroupStatements.removeSuspended]
            where !gone.isEmpty {
                transaction.send(statement, .uuid(caller.orgID), .uuid(id), .uuidArray(Array(gone)))
            }
            try await Self.add(draft.members.subtracting(members), caller, id, transaction)
            guard let after = try await Self.groups(caller, [id], nil, withMembers: true, transaction).first else {
                throw SCIMError.notFound
            }
            let isSameName = before.displayName == after.displayName
            return (
                after,
                Array(isSameName ? members.symmetricDifference(draft.members) : members.union(draft.members))
            )
        }
    }

    /// See ``SCIMStore``.
    public func deleteGroup(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMGroup) throws -> Void
    ) async throws -> [EntityID] {
        try await session.run(caller) { transaction in
            let before = try await Self.locked(caller, id, transaction, by: SCIMGroupStatements.lockToDelete)
            try check(before)
            transaction.send(SCIMGroupStatements.delete, .uuid(caller.orgID), .uuid(id))
            return before.members
        }
    }

    private static func locked(
        _ caller: SCIMCaller, _ id: EntityID, _ transaction: Transaction,
        by lock: Statement<Void> = SCIMGroupStatements.lock
    ) async throws -> SCIMGroup {
        transaction.send(lock, .uuid(id), .uuid(caller.orgID))
        guard let group = try await groups(caller, [id], nil, withMembers: true, transaction).first else {
            throw SCIMError.notFound
        }
        return group
    }

    /// All of them or none.
    private static func add(
        _ people: Set<EntityID>, _ caller: SCIMCaller, _ id: EntityID, _ transaction: Transaction
    ) async throws {
        guard !people.isEmpty else { return }
        let ids = Parameter.uuidArray(Array(people))
        let members = transaction.send(SCIMGroupStatements.addMembers, .uuid(caller.orgID), .uuid(id), ids)
        let suspended = transaction.send(SCIMGroupStatements.addSuspended, .uuid(caller.orgID), .uuid(id), ids)
        try await transaction.flush()
        guard members.affected + suspended.affected < people.count else { return }
        let group = try await groups(caller, [id], nil, withMembers: true, transaction).first
        let unknown = people.subtracting(group?.members ?? []).first
        throw SCIMGroupDraft.unknownMember(unknown?.description ?? "")
    }

    private static func groups(
        _ caller: SCIMCaller, _ ids: [EntityID], _ path: String?, withMembers: Bool, _ transaction: Transaction
    ) async throws -> [SCIMGroup] {
        guard !ids.isEmpty else { return [] }
        return try await transaction.query(
            SCIMGroupStatements.get, .uuid(caller.orgID), .uuidArray(ids), .bool(withMembers), .text(path))
    }

    private static func ids(
        _ caller: SCIMCaller, _ key: SCIMFilter.Key, _ transaction: Transaction
    ) async throws -> [EntityID] {
        switch key {
        case .id(let id): [id]
        case .name(let name):
            try await transaction.query(SCIMGroupStatements.byName, .uuid(caller.orgID), .text(name))
        case .externalID(let id):
            try await transaction.query(SCIMGroupStatements.byExternalID, .uuid(caller.orgID), .text(id))
        case .member(let id):
            try await transaction.query(SCIMGroupStatements.byMember, .uuid(caller.orgID), .uuid(id))
        case .nothing: []
        }
    }
}

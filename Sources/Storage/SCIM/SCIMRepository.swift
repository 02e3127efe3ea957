public import Accounts
public import Base
public import Postgres

/// What org directories say, in PostgreSQL. One a loop.
public final class SCIMRepository: SCIMStore {
    let session: SCIMSession

    /// Keeps it in the given database.
    public init(database: Database) {
        session = SCIMSession(database: database)
    }

    /// See ``SCIMStore``.
    public func users(_ caller: SCIMCaller, _ query: SCIMQuery) async throws -> SCIMList<SCIMUser> {
        let path = try query.filter?.jsonPath(.user)
        return try await session.run(caller) { transaction in
            if let key = query.filter?.key(.user) {
                let ids = try await Self.ids(caller, key, transaction)
                let found = try await Self.users(caller, ids, path, transaction)
                return SCIMList(total: found.count, elements: query.part(of: found))
            }
            let total: Int
            let ids: [EntityID]
            if path == nil, query.sortBy == nil {
                let count = transaction.send(SCIMUserStatements.count, .uuid(caller.orgID))
                let page = transaction.send(
                    SCIMUserStatements.page, .uuid(caller.orgID), .int(query.count), .int(query.startIndex - 1))
                try await transaction.flush()
                (total, ids) = (Int(count.first ?? 0), page.rows)
            } else {
                let found = try await transaction.query(
                    SCIMUserStatements.search, .uuid(caller.orgID), .text(path),
                    .bool(query.mentions("groups")), .text(try query.sortBy?.jsonPath(.user) ?? "$.nothing"),
                    .bool(query.isDescending), .int(query.count), .int(query.startIndex - 1)
                ).first
                (total, ids) = (found?.total ?? 0, found?.ids ?? [])
            }
            return SCIMList(total: total, elements: try await Self.users(caller, ids, nil, transaction))
        }
    }

    /// See ``SCIMStore``.
    public func user(_ caller: SCIMCaller, _ id: EntityID) async throws -> SCIMUser? {
        try await session.run(caller) { try await Self.users(caller, [id], nil, $0).first }
    }

    /// See ``SCIMStore``.
    public func createUser(_ caller: SCIMCaller, _ draft: SCIMUserDraft, id: EntityID) async throws -> SCIMUser {
        try await session.run(caller) { transaction in
            let made = session.asService(transaction) { transaction in
                Self.send(SCIMUserStatements.create, draft, id, transaction)
            }
            try await transaction.flush()
            guard let id = made.first ?? nil, let user = try await Self.users(caller, [id], nil, transaction).first
            else { throw SCIMError(409, .uniqueness, "The organization has this user already.") }
            return user
        }
    }

    /// See ``SCIMStore``.
    public func changeUser(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMUser) throws -> SCIMUserDraft?
    ) async throws -> SCIMUser {
        try await session.run(caller) { transaction in
            let before = try await locked(caller, id, transaction)
            guard let draft = try decide(before) else { return before }
            session.asService(transaction) { transaction in
                _ = Self.send(SCIMUserStatements.change, draft, id, transaction)
            }
            guard let after = try await Self.users(caller, [id], nil, transaction).first else {
                throw SCIMError.notFound
            }
            return after
        }
    }

    /// See ``SCIMStore``.
    public func deleteUser(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMUser) throws -> Void
    ) async throws {
        try await session.run(caller) { transaction in
            try check(try await locked(caller, id, transaction))
            session.asService(transaction) { _ = $0.send(SCIMUserStatements.delete, .uuid(id)) }
        }
    }

    /// The person under a lock that others wait for. Whoever is not of the org is not locked.
    private func locked(_ caller: SCIMCaller, _ id: EntityID, _ transaction: Transaction) async throws -> SCIMUser {
        guard try await Self.users(caller, [id], nil, transaction).first != nil else { throw SCIMError.notFound }
        session.asService(transaction) { _ = $0.send(SCIMUserStatements.lock, .uuid(id)) }
        guard let user = try await Self.users(caller, [id], nil, transaction).first else { throw SCIMError.notFound }
        return user
    }

    private static func users(
        _ caller: SCIMCaller, _ ids: [EntityID], _ path: String?, _ transaction: Transaction
    ) async throws -> [SCIMUser] {
        guard !ids.isEmpty else { return [] }
        return try await transaction.query(SCIMUserStatements.get, .uuid(caller.orgID), .uuidArray(ids), .text(path))
    }

    private static func ids(
        _ caller: SCIMCaller, _ key: SCIMFilter.Key, _ transaction: Transaction
    ) async throws -> [EntityID] {
        switch key {
        case .id(let id): [id]
        case .name(let name):
            try await transaction.query(SCIMUserStatements.byName, .text(name))
        case .externalID(let id):
            try await transaction.query(SCIMUserStatements.byExternalID, .uuid(caller.orgID), .text(id))
        case .member, .nothing: []
        }
    }

    private static func send<Row>(
        _ statement: Statement<Row>, _ draft: SCIMUserDraft, _ id: EntityID, _ transaction: Transaction
    ) -> Pending<Row> {
        transaction.send(
            statement, .uuid(id), .text(draft.userName), .text(draft.externalID),
            .json(JSONWriter.make { draft.document.write(to: &$0) }), .text(draft.email?.stored),
            .text(draft.details.fullName), .text(draft.details.firstName), .text(draft.details.lastName),
            .text(draft.details.phone), .bool(draft.isActive))
    }
}

extension SCIMQuery {
    /// The part of what was found that is asked for.
    func part<Element>(of found: [Element]) -> [Element] {
        Array(found.dropFirst(startIndex - 1).prefix(count))
    }

    /// Whether the attribute decides what is found, or in which order.
    func mentions(_ name: String) -> Bool {
        filter?.mentions(name) == true || sortBy?.attribute.lowercased() == name.lowercased()
    }
}

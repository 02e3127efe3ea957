public import Accounts
internal import Base
public import HTTP

/// The people of an org, for its directory (RFC 7644 §3.3–§3.6).
public final class SCIMUserRoutes {
    private let door: SCIMDoor
    private let store: any SCIMStore

    /// Puts the routes together.
    public init(door: SCIMDoor, store: any SCIMStore) {
        self.door = door
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            door.route(.get, "/Users", SCIMOperations.listUsers) { try await self.list($0, SCIMQuestion($0.http)) },
            door.route(.post, "/Users/.search", SCIMOperations.searchUsers) {
                try await self.list($0, SCIMQuestion($0.body()))
            },
            door.route(.post, "/Users", SCIMOperations.createUser) { try await self.create($0) },
            door.route(.get, "/Users/{id}", SCIMOperations.getUser) { try await self.get($0) },
            door.route(.put, "/Users/{id}", SCIMOperations.replaceUser) { try await self.replace($0) },
            door.route(.patch, "/Users/{id}", SCIMOperations.patchUser) { try await self.patch($0) },
            door.route(.delete, "/Users/{id}", SCIMOperations.deleteUser) { try await self.delete($0) },
        ]
    }

    private func list(_ request: SCIMRequest, _ question: SCIMQuestion) async throws -> Response {
        let found = try await store.users(request.caller, question.query)
        return request.list(
            found.elements.map { question.projection.shown(request.resource($0), .user) }, total: found.total,
            startIndex: question.query.startIndex)
    }

    private func get(_ request: SCIMRequest) async throws -> Response {
        guard let user = try await store.user(request.caller, request.id) else { throw SCIMError.notFound }
        return try answer(request, user)
    }

    private func create(_ request: SCIMRequest) async throws -> Response {
        let draft = try SCIMUserDraft(body: request.body()).assuming(isActive: true)
        let user = try await store.createUser(request.caller, draft, id: EntityID.make())
        door.changed([user.id])
        return try answer(request, user, 201)
    }

    private func replace(_ request: SCIMRequest) async throws -> Response {
        let draft = try SCIMUserDraft(body: request.body())
        return try await change(request) { before in draft.assuming(isActive: before.isActive) }
    }

    private func patch(_ request: SCIMRequest) async throws -> Response {
        let patch = try SCIMPatch(request.body())
        return try await change(request) { before in
            var resource = before.resource
            try patch.apply(to: &resource, .user)
            return resource == before.resource ? nil : try SCIMUserDraft(resource)
        }
    }

    private func change(
        _ request: SCIMRequest, _ decide: (SCIMUser) throws -> SCIMUserDraft?
    ) async throws -> Response {
        let user = try await store.changeUser(request.caller, request.id) { before in
            try request.mustMatch(before.version)
            return try decide(before)
        }
        door.changed([user.id])
        return try answer(request, user)
    }

    private func delete(_ request: SCIMRequest) async throws -> Response {
        let id = try request.id
        try await store.deleteUser(request.caller, id) { try request.mustMatch($0.version) }
        door.changed([id])
        return Response(status: 204)
    }

    private func answer(_ request: SCIMRequest, _ user: SCIMUser, _ status: Int = 200) throws -> Response {
        let shown = try SCIMQuestion(request.http).projection.shown(request.resource(user), .user)
        return request.answer(
            status, shown, version: user.version, location: request.location("/Users/\(user.id)"))
    }
}

public import Accounts
internal import Base
public import HTTP

/// The groups of an org, for its directory (RFC 7644 §3.3–§3.6).
public final class SCIMGroupRoutes {
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
            door.route(.get, "/Groups", SCIMOperations.listGroups) { try await self.list($0, SCIMQuestion($0.http)) },
            door.route(.post, "/Groups/.search", SCIMOperations.searchGroups) {
                try await self.list($0, SCIMQuestion($0.body()))
            },
            door.route(.post, "/Groups", SCIMOperations.createGroup) { try await self.create($0) },
            door.route(.get, "/Groups/{id}", SCIMOperations.getGroup) { try await self.get($0) },
            door.route(.put, "/Groups/{id}", SCIMOperations.replaceGroup) { try await self.replace($0) },
            door.route(.patch, "/Groups/{id}", SCIMOperations.patchGroup) { try await self.patch($0) },
            door.route(.delete, "/Groups/{id}", SCIMOperations.deleteGroup) { try await self.delete($0) },
        ]
    }

    private func list(_ request: SCIMRequest, _ question: SCIMQuestion) async throws -> Response {
        let found = try await store.groups(
            request.caller, question.query, withMembers: question.projection.shows("members"))
        return request.list(
            found.elements.map { question.projection.shown(request.resource($0), .group) }, total: found.total,
            startIndex: question.query.startIndex)
    }

    private func get(_ request: SCIMRequest) async throws -> Response {
        let projection = try SCIMQuestion(request.http).projection
        guard
            let group = try await store.group(
                request.caller, request.id, withMembers: projection.shows("members"))
        else { throw SCIMError.notFound }
        return try answer(request, group)
    }

    private func create(_ request: SCIMRequest) async throws -> Response {
        let draft = try SCIMGroupDraft(body: request.body())
        let group = try await store.createGroup(request.caller, draft, id: EntityID.make())
        door.changed(Array(draft.members))
        return try answer(request, group, 201)
    }

    private func replace(_ request: SCIMRequest) async throws -> Response {
        let draft = try SCIMGroupDraft(body: request.body())
        return try await change(request) { _ in draft }
    }

    private func patch(_ request: SCIMRequest) async throws -> Response {
        let patch = try SCIMPatch(request.body())
        return try await change(request) { before in
            var resource = before.resource
            try patch.apply(to: &resource, .group)
            return resource == before.resource ? nil : try SCIMGroupDraft(resource)
        }
    }

    private func change(
        _ request: SCIMRequest, _ decide: (SCIMGroup) throws -> SCIMGroupDraft?
    ) async throws -> Response {
        let (group, people) = try await store.changeGroup(request.caller, request.id) { before in
            try request.mustMatch(before.version)
            return try decide(before)
        }
        door.changed(people)
        return try answer(request, group)
    }

    private func delete(_ request: SCIMRequest) async throws -> Response {
        let people = try await store.deleteGroup(request.caller, request.id) { try request.mustMatch($0.version) }
        door.changed(people)
        return Response(status: 204)
    }

    private func answer(_ request: SCIMRequest, _ group: SCIMGroup, _ status: Int = 200) throws -> Response {
        let shown = try SCIMQuestion(request.http).projection.shown(request.resource(group), .group)
        return request.answer(
            status, shown, version: group.version, location: request.location("/Groups/\(group.id)"))
    }
}

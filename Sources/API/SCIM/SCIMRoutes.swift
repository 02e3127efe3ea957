public import Accounts
internal import Base
public import HTTP

/// The people and groups of an org, for its directory (RFC 7644 §3.3–§3.6).
public struct SCIMRoutes {
    private let door: SCIMDoor
    private let store: any SCIMStore

    /// Puts the routes together.
    public init(door: SCIMDoor, store: any SCIMStore) {
        self.door = door
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        Self.routes(of: SCIMUsers(store: store), door) + Self.routes(of: SCIMGroups(store: store), door)
    }

    private static func routes(of collection: some SCIMCollection, _ door: SCIMDoor) -> [Route] {
        let routes = SCIMResourceRoutes(collection: collection, door: door)
        let (path, operations) = (collection.type.endpoint, collection.operations)
        return [
            door.route(.get, path, operations.list) { try await routes.list($0, SCIMQuestion($0.http)) },
            door.route(.post, path + "/.search", operations.search) {
                try await routes.list($0, SCIMQuestion($0.body()))
            },
            door.route(.post, path, operations.create) { try await routes.create($0) },
            door.route(.get, path + "/{id}", operations.get) { try await routes.get($0) },
            door.route(.put, path + "/{id}", operations.replace) { try await routes.replace($0) },
            door.route(.patch, path + "/{id}", operations.patch) { try await routes.patch($0) },
            door.route(.delete, path + "/{id}", operations.delete) { try await routes.delete($0) },
        ]
    }
}

/// What is done with the resources of one type.
private struct SCIMResourceRoutes<Collection: SCIMCollection> {
    let collection: Collection
    let door: SCIMDoor

    func list(_ request: SCIMRequest, _ question: SCIMQuestion) async throws -> Response {
        let found = try await collection.list(request.caller, question)
        return request.list(
            found.elements.map { question.projection.shown(collection.shown($0, request), collection.type) },
            total: found.total, startIndex: question.query.startIndex)
    }

    func get(_ request: SCIMRequest) async throws -> Response {
        let projection = try SCIMQuestion(request.http).projection
        guard let found = try await collection.get(request.caller, request.id, projection) else {
            throw SCIMError.notFound
        }
        return try answer(request, found)
    }

    func create(_ request: SCIMRequest) async throws -> Response {
        let draft = collection.draft(try collection.draft(request.body()), inPlaceOf: nil)
        let (made, people) = try await collection.create(request.caller, draft)
        door.changed(people)
        return try answer(request, made, 201)
    }

    func replace(_ request: SCIMRequest) async throws -> Response {
        let draft = try collection.draft(request.body())
        return try await change(request) { collection.draft(draft, inPlaceOf: $0) }
    }

    func patch(_ request: SCIMRequest) async throws -> Response {
        let patch = try SCIMPatch(request.body())
        return try await change(request) { before in
            var resource = before.resource
            try patch.apply(to: &resource, collection.type)
            return resource == before.resource ? nil : try collection.draft(resource)
        }
    }

    func delete(_ request: SCIMRequest) async throws -> Response {
        door.changed(
            try await collection.delete(request.caller, request.id) { try request.mustMatch($0.version) })
        return Response(status: 204)
    }

    private func change(
        _ request: SCIMRequest, _ decide: (Collection.Resource) throws -> Collection.Draft?
    ) async throws -> Response {
        let (changed, people) = try await collection.change(request.caller, request.id) { before in
            try request.mustMatch(before.version)
            return try decide(before)
        }
        door.changed(people)
        return try answer(request, changed)
    }

    private func answer(
        _ request: SCIMRequest, _ resource: Collection.Resource, _ status: Int = 200
    ) throws -> Response {
        let shown = try SCIMQuestion(request.http).projection.shown(
            collection.shown(resource, request), collection.type)
        return request.answer(
            status, shown, version: resource.version,
            location: request.location("\(collection.type.endpoint)/\(resource.id)"))
    }
}

internal import Accounts
internal import Base

/// A resource as the store keeps it.
protocol SCIMResource: Sendable {
    var id: EntityID { get }
    var version: String { get }
    /// What the directory may change.
    var resource: SCIMObject { get }
}

extension SCIMUser: SCIMResource {}
extension SCIMGroup: SCIMResource {}

/// In what the types of resources differ. Whose account a change concerns comes with what came of it.
protocol SCIMCollection {
    associatedtype Resource: SCIMResource
    associatedtype Draft

    var type: SCIMResourceType { get }
    var operations: SCIMOperations.OfType { get }

    func list(_ caller: SCIMCaller, _ question: SCIMQuestion) async throws -> SCIMList<Resource>
    func get(_ caller: SCIMCaller, _ id: EntityID, _ projection: SCIMProjection) async throws -> Resource?
    func create(_ caller: SCIMCaller, _ draft: Draft) async throws -> (Resource, people: [EntityID])
    func change(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (Resource) throws -> Draft?
    ) async throws -> (Resource, people: [EntityID])
    func delete(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (Resource) throws -> Void
    ) async throws -> [EntityID]

    /// What a body says; in place of what there is, if there is something.
    func draft(_ body: JSON) throws -> Draft
    func draft(_ draft: Draft, inPlaceOf before: Resource?) -> Draft
    /// What a resource was patched into.
    func draft(_ patched: SCIMObject) throws -> Draft
    /// The resource as it is shown.
    func shown(_ resource: Resource, _ request: SCIMRequest) -> SCIMObject
}

/// The people of an org.
struct SCIMUsers: SCIMCollection {
    let store: any SCIMStore
    let type = SCIMResourceType.user
    let operations = SCIMOperations.users

    func list(_ caller: SCIMCaller, _ question: SCIMQuestion) async throws -> SCIMList<SCIMUser> {
        try await store.users(caller, question.query)
    }

    func get(_ caller: SCIMCaller, _ id: EntityID, _ projection: SCIMProjection) async throws -> SCIMUser? {
        try await store.user(caller, id)
    }

    func create(_ caller: SCIMCaller, _ draft: SCIMUserDraft) async throws -> (SCIMUser, people: [EntityID]) {
        let user = try await store.createUser(caller, draft, id: EntityID.make())
        return (user, [user.id])
    }

    func change(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMUser) throws -> SCIMUserDraft?
    ) async throws -> (SCIMUser, people: [EntityID]) {
        (try await store.changeUser(caller, id, decide), [id])
    }

    func delete(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMUser) throws -> Void
    ) async throws -> [EntityID] {
        try await store.deleteUser(caller, id, check)
        return [id]
    }

    func draft(_ body: JSON) throws -> SCIMUserDraft { try SCIMUserDraft(body: body) }
    func draft(_ draft: SCIMUserDraft, inPlaceOf before: SCIMUser?) -> SCIMUserDraft {
        draft.assuming(isActive: before?.isActive ?? true)
    }
    func draft(_ patched: SCIMObject) throws -> SCIMUserDraft { try SCIMUserDraft(patched) }
    func shown(_ user: SCIMUser, _ request: SCIMRequest) -> SCIMObject { request.resource(user) }
}

/// The groups of an org.
struct SCIMGroups: SCIMCollection {
    let store: any SCIMStore
    let type = SCIMResourceType.group
    let operations = SCIMOperations.groups

    func list(_ caller: SCIMCaller, _ question: SCIMQuestion) async throws -> SCIMList<SCIMGroup> {
        try await store.groups(caller, question.query, withMembers: question.projection.shows("members"))
    }

    func get(_ caller: SCIMCaller, _ id: EntityID, _ projection: SCIMProjection) async throws -> SCIMGroup? {
        try await store.group(caller, id, withMembers: projection.shows("members"))
    }

    func create(_ caller: SCIMCaller, _ draft: SCIMGroupDraft) async throws -> (SCIMGroup, people: [EntityID]) {
        (try await store.createGroup(caller, draft, id: EntityID.make()), Array(draft.members))
    }

    func change(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMGroup) throws -> SCIMGroupDraft?
    ) async throws -> (SCIMGroup, people: [EntityID]) {
        try await store.changeGroup(caller, id, decide)
    }

    func delete(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMGroup) throws -> Void
    ) async throws -> [EntityID] {
        try await store.deleteGroup(caller, id, check)
    }

    func draft(_ body: JSON) throws -> SCIMGroupDraft { try SCIMGroupDraft(body: body) }
    func draft(_ draft: SCIMGroupDraft, inPlaceOf before: SCIMGroup?) -> SCIMGroupDraft { draft }
    func draft(_ patched: SCIMObject) throws -> SCIMGroupDraft { try SCIMGroupDraft(patched) }
    func shown(_ group: SCIMGroup, _ request: SCIMRequest) -> SCIMObject { request.resource(group) }
}

public import Base

/// A person as the directory of an org sees them.
public struct SCIMUser: Sendable {
    /// The user's id.
    public let id: EntityID
    /// The name that the directory knows them by.
    public let userName: String
    /// The directory's own id.
    public let externalID: String?
    /// What else the directory has said, or what is known of somebody it has said nothing of.
    public let document: SCIMObject
    /// Whether they are a member of the org who may come in.
    public let isActive: Bool
    /// The groups that they are in.
    public let groups: [(id: EntityID, name: String)]
    /// When they came to the org.
    public let createdAt: Timestamp
    /// When anything of it was changed last.
    public let modifiedAt: Timestamp
    /// Describes a person.
    public init(
        id: EntityID, userName: String, externalID: String?, document: SCIMObject, isActive: Bool,
        groups: [(id: EntityID, name: String)], createdAt: Timestamp, modifiedAt: Timestamp
    ) {
        self.id = id
        self.userName = userName
        self.externalID = externalID
        self.document = document
        self.isActive = isActive
        self.groups = groups
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// The attributes that clients set, as PATCH changes them.
    public var resource: SCIMObject {
        var resource = SCIMObject()
        resource["externalId"] = externalID.map { .string($0) }
        resource["userName"] = .string(userName)
        for member in document.members { resource[member.name] = member.value }
        if resource["active"] != nil { resource["active"] = .bool(isActive) }
        return resource
    }

    /// The entity tag: another one whenever something of it has changed (RFC 7644 §3.14).
    public var version: String {
        SCIMVersion.tag(
            JSONWriter.object { writer in
                writer.member("resource", resource)
                writer.member("active", isActive)
                writer.array("groups", of: groups) { writer, group in
                    writer.member("id", group.id)
                    writer.member("name", group.name)
                }
            })
    }
}

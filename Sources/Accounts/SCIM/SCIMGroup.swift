public import Base

/// A group of an org.
public struct SCIMGroup: Sendable {
    /// The group's id.
    public let id: EntityID
    /// Its name.
    public let displayName: String
    /// The directory's own id.
    public let externalID: String?
    /// Who is in it, with what they are called; nil where nobody asked.
    public let members: [(id: EntityID, name: String)]?
    /// When it was made.
    public let createdAt: Timestamp
    /// When anything of it was changed last.
    public let modifiedAt: Timestamp
    /// Another one whenever something has changed.
    public let version: String

    /// Describes a group.
    public init(
        id: EntityID, displayName: String, externalID: String?, members: [(id: EntityID, name: String)]?,
        createdAt: Timestamp, modifiedAt: Timestamp, version: String
    ) {
        self.id = id
        self.displayName = displayName
        self.externalID = externalID
        self.members = members
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.version = version
    }

    /// The attributes that clients set, as PATCH changes them.
    public var resource: SCIMObject {
        var resource = SCIMObject()
        resource["externalId"] = externalID.map { .string($0) }
        resource["displayName"] = .string(displayName)
        if let members, !members.isEmpty {
            resource["members"] = .array(
                members.map { member in
                    var object = SCIMObject()
                    object["value"] = .string(member.id.description)
                    object["type"] = .string("User")
                    object["display"] = .string(member.name)
                    return .object(object)
                })
        }
        return resource
    }
}

/// What a directory wants a group to be.
public struct SCIMGroupDraft: Sendable {
    /// Its name.
    public let displayName: String
    /// The directory's own id.
    public let externalID: String?
    /// Who is to be in it.
    public let members: Set<EntityID>

    /// Reads a resource in the schema's form.
    ///
    /// - Throws: `invalidValue` naming the attribute.
    public init(_ resource: SCIMObject) throws(SCIMError) {
        guard let name = resource["displayName"]?.string, (1...200).contains(name.unicodeScalars.count) else {
            throw SCIMError.bad(.invalidValue, "displayName must have 1 to 200 characters.")
        }
        displayName = name
        externalID = try resource["externalId"]?.string.map { (text) throws(SCIMError) in
            try SCIMUserDraft.checked(text, "externalId")
        }
        var members: Set<EntityID> = []
        for member in resource["members"]?.elements ?? [] {
            let text = member.object?["value"]?.string ?? ""
            guard let id = EntityID(text) else { throw Self.unknownMember(text) }
            members.insert(id)
        }
        self.members = members
    }

    /// What is said of a member who is not in the org, whether there is such a user or not.
    public static func unknownMember(_ id: String) -> SCIMError {
        SCIMError.bad(.invalidValue, "members: the organization has no user \(id.prefix(64)).")
    }
}

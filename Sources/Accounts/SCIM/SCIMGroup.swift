public import Base

/// A group of an org.
public struct SCIMGroup: Sendable {
    /// The group's id.
    public let id: EntityID
    /// Its name.
    public let displayName: String
    /// The directory's own id.
    public let externalID: String?
    /// Who is in it; nobody where nobody asked.
    public let members: [EntityID]
    /// When it was made.
    public let createdAt: Timestamp
    /// When anything of it was changed last.
    public let modifiedAt: Timestamp
    /// Describes a group.
    public init(
        id: EntityID, displayName: String, externalID: String?, members: [EntityID],
        createdAt: Timestamp, modifiedAt: Timestamp
    ) {
        self.id = id
        self.displayName = displayName
        self.externalID = externalID
        self.members = members
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
    }

    /// The entity tag: another one whenever something of it has changed; so it needs no members.
    public var version: String { SCIMVersion.tag(Array("\(id) \(modifiedAt)".utf8)) }

    /// The attributes that clients set, as PATCH changes them.
    public var resource: SCIMObject {
        var resource = SCIMObject()
        resource["externalId"] = externalID.map { .string($0) }
        resource["displayName"] = .string(displayName)
        if !members.isEmpty {
            resource["members"] = .array(
                members.map { member in
                    var object = SCIMObject()
                    object["value"] = .string(member.description)
                    object["type"] = .string("User")
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

    /// Reads what a client sent.
    public init(body: JSON) throws(SCIMError) {
        try self.init(SCIMReader.resource(body, .group))
    }

    /// What is said of a member who is not in the org, whether there is such a user or not.
    public static func unknownMember(_ id: String) -> SCIMError {
        SCIMError.bad(.invalidValue, "members: the organization has no user \(id.prefix(64)).")
    }
}

internal import Accounts
internal import Base
internal import HTTP

extension SCIMRequest {
    /// A person as they are shown.
    func resource(_ user: SCIMUser) -> SCIMObject {
        var resource = frame(.user, user.id, user.resource)
        if !user.groups.isEmpty {
            resource["groups"] = .array(
                user.groups.map { group in
                    var object = SCIMObject()
                    object["value"] = .string(group.id.description)
                    object["$ref"] = .string(location("/Groups/\(group.id)"))
                    object["display"] = .string(group.name)
                    return .object(object)
                })
        }
        resource["meta"] = meta(.user, user.id, user.createdAt, user.modifiedAt, user.version)
        return resource
    }

    /// A group as it is shown.
    func resource(_ group: SCIMGroup) -> SCIMObject {
        var own = group.resource
        if let members = own["members"]?.elements {
            own["members"] = .array(
                members.map { member in
                    guard var object = member.object, let id = object["value"]?.string else { return member }
                    object["$ref"] = .string(location("/Users/\(id)"))
                    return .object(object)
                })
        }
        var resource = frame(.group, group.id, own)
        resource["meta"] = meta(.group, group.id, group.createdAt, group.modifiedAt, group.version)
        return resource
    }

    /// The answer with a part of a list (RFC 7644 §3.4.2).
    func list(_ resources: [SCIMObject], total: Int, startIndex: Int) -> Response {
        .scim(
            200,
            JSONWriter.object { writer in
                writer.member("schemas", ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
                writer.member("totalResults", total)
                writer.member("startIndex", startIndex)
                writer.member("itemsPerPage", resources.count)
                writer.member("Resources", resources.map { SCIMValue.object($0) })
            })
    }

    private func frame(_ type: SCIMResourceType, _ id: EntityID, _ own: SCIMObject) -> SCIMObject {
        var resource = SCIMObject()
        let used = type.extensions.map(\.id).filter { own[$0] != nil }
        resource["schemas"] = .array(([type.schema.id] + used).map { .string($0) })
        resource["id"] = .string(id.description)
        for member in own.members { resource[member.name] = member.value }
        return resource
    }

    private func meta(
        _ type: SCIMResourceType, _ id: EntityID, _ created: Timestamp, _ modified: Timestamp, _ version: String
    ) -> SCIMValue {
        var meta = SCIMObject()
        meta["resourceType"] = .string(type.name)
        meta["created"] = .string(created.description)
        meta["lastModified"] = .string(modified.description)
        meta["location"] = .string(location("\(type.endpoint)/\(id)"))
        meta["version"] = .string(version)
        return .object(meta)
    }
}

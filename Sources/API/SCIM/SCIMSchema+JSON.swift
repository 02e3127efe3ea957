internal import Accounts
internal import Base

extension JSONWriter {
    /// RFC 7643 §6.
    mutating func members(of type: SCIMResourceType, _ request: SCIMRequest) {
        member("schemas", ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"])
        member("id", type.name)
        member("name", type.name)
        member("description", type.schema.description)
        member("endpoint", type.endpoint)
        member("schema", type.schema.id)
        array("schemaExtensions", of: type.extensions) { writer, schema in
            writer.member("schema", schema.id)
            writer.member("required", false)
        }
        object("meta") { writer in
            writer.member("resourceType", "ResourceType")
            writer.member("location", request.location("/ResourceTypes/\(type.name)"))
        }
    }

    /// RFC 7643 §7.
    mutating func members(of schema: SCIMSchema, _ request: SCIMRequest) {
        member("schemas", ["urn:ietf:params:scim:schemas:core:2.0:Schema"])
        member("id", schema.id)
        member("name", schema.name)
        member("description", schema.description)
        array("attributes", of: schema.attributes) { $0.members(of: $1) }
        object("meta") { writer in
            writer.member("resourceType", "Schema")
            writer.member("location", request.location("/Schemas/\(schema.id)"))
        }
    }

    private mutating func members(of attribute: SCIMAttribute) {
        member("name", attribute.name)
        member("type", attribute.kind.rawValue)
        member("multiValued", attribute.isMultiValued)
        member("description", attribute.description)
        member("required", attribute.isRequired)
        if attribute.kind != .complex { member("caseExact", attribute.isCaseExact) }
        member("mutability", attribute.mutability.rawValue)
        member("returned", "default")
        member("uniqueness", attribute.uniqueness.rawValue)
        if !attribute.canonicalValues.isEmpty { member("canonicalValues", attribute.canonicalValues) }
        if !attribute.referenceTypes.isEmpty { member("referenceTypes", attribute.referenceTypes) }
        if !attribute.parts.isEmpty { array("subAttributes", of: attribute.parts) { $0.members(of: $1) } }
    }
}

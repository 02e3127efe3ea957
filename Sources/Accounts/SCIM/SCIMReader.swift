internal import Base

/// Brings what a client sends into the form that the schemas give it: names in the schema's case, texts that stand for
/// truth values as such, values alone where there may be several. What no schema knows, and what is the service's own to
/// say, is left out (RFC 7644 §3.3, RFC 7643 §2.5).
enum SCIMReader {
    /// The longest text of one value, bytes.
    static let longestText = 8192
    /// How many values a multi-valued attribute of a user may have.
    static let mostValues = 100
    /// How many members a group may be given in one request.
    static let mostMembers = 20_000

    /// Reads a whole resource.
    static func resource(_ json: JSON, _ type: SCIMResourceType) throws(SCIMError) -> SCIMObject {
        guard let members = json.members else { throw SCIMError.bad(.invalidSyntax, "The body must be a JSON object.") }
        try checkSchemas(json, type)
        var resource = SCIMObject()
        var seen: Set<String> = []
        for (name, value) in members {
            guard seen.insert(name.lowercased()).inserted else {
                throw SCIMError.bad(.invalidSyntax, "\(name.prefix(100)) is named twice, in different cases.")
            }
            if let schema = type.extension(name) {
                guard !value.isNull else { continue }
                let inner = try parts(value, schema.attributes, of: schema.id)
                if !inner.isEmpty { resource[schema.id] = .object(inner) }
            } else if let attribute = type.schema.attribute(name), attribute.mutability != .readOnly {
                resource[attribute.name] = try self.value(value, attribute, name: attribute.name)
            }
        }
        return resource
    }

    /// Clients of SCIM 1 are told at once, and not by what goes wrong later.
    private static func checkSchemas(_ json: JSON, _ type: SCIMResourceType) throws(SCIMError) {
        let key = json.members?.first { $0.name.lowercased() == "schemas" }
        guard let schemas = key?.value.elements?.compactMap(\.string),
            schemas.contains(where: { $0.lowercased() == type.schema.id.lowercased() })
        else { throw SCIMError.bad(.invalidSyntax, "schemas must name \(type.schema.id).") }
    }

    /// The value of an attribute; nil where it is unassigned: null or an empty list.
    static func value(_ json: JSON, _ attribute: SCIMAttribute, name: String) throws(SCIMError) -> SCIMValue? {
        if json.isNull { return nil }
        guard attribute.isMultiValued else { return try single(json, attribute, name: name) }
        let most = attribute.name == "members" ? mostMembers : mostValues
        let elements = json.elements ?? [json]
        guard elements.count <= most else {
            throw SCIMError(413, .tooMany, "\(name) may have at most \(most) values in a request.")
        }
        var values: [SCIMValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            if let value = try single(element, attribute, name: name) { values.append(value) }
        }
        guard values.count(where: { $0.object?["primary"] == .bool(true) }) <= 1 else {
            throw SCIMError.bad(.invalidValue, "Only one value of \(name) can be the primary one.")
        }
        return values.isEmpty ? nil : .array(values)
    }

    /// One value of an attribute.
    static func single(_ json: JSON, _ attribute: SCIMAttribute, name: String) throws(SCIMError) -> SCIMValue? {
        switch attribute.kind {
        case _ where json.isNull: return nil
        case .complex:
            if let text = json.string {
                // Some clients send the value alone: a manager, a member.
                guard let part = attribute.part("value"), part.mutability != .readOnly else {
                    throw SCIMError.bad(.invalidValue, "\(name) must be an object.")
                }
                var object = SCIMObject()
                object[part.name] = .string(try checked(text, name))
                return .object(object)
            }
            let object = try parts(json, attribute.parts, of: name)
            return object.isEmpty ? nil : .object(object)
        case .boolean:
            if let flag = json.bool { return .bool(flag) }
            switch json.string?.lowercased() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: throw SCIMError.bad(.invalidValue, "\(name) must be true or false.")
            }
        case .integer:
            guard let number = json.int else { throw SCIMError.bad(.invalidValue, "\(name) must be a whole number.") }
            return .integer(number)
        case .string, .reference, .binary, .dateTime:
            guard let text = json.string else { throw SCIMError.bad(.invalidValue, "\(name) must be a text.") }
            return .string(try checked(text, name))
        }
    }

    private static func checked(_ text: String, _ name: String) throws(SCIMError) -> String {
        guard text.utf8.count <= longestText else {
            throw SCIMError.bad(.invalidValue, "\(name) must have at most \(longestText) bytes.")
        }
        return text
    }

    private static func parts(
        _ json: JSON, _ known: [SCIMAttribute], of name: String
    ) throws(SCIMError) -> SCIMObject {
        guard let members = json.members else { throw SCIMError.bad(.invalidValue, "\(name) must be an object.") }
        var object = SCIMObject()
        for (member, value) in members {
            guard let part = known.first(where: { $0.name.lowercased() == member.lowercased() }),
                part.mutability != .readOnly
            else { continue }
            object[part.name] = try self.value(value, part, name: "\(name).\(part.name)")
        }
        return object
    }
}

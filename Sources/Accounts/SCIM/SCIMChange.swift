internal import Base

/// One change of one attribute of a resource.
struct SCIMChange {
    let kind: SCIMPatch.Kind
    let path: SCIMPath
    let value: JSON?
    let type: SCIMResourceType

    /// What a path leads to; nil for what no schema of the resource has.
    static func attribute(_ path: SCIMPath, _ type: SCIMResourceType) -> SCIMAttribute? {
        guard let urn = path.schema, urn.lowercased() != type.schema.id.lowercased() else {
            return type.schema.attribute(path.attribute)
        }
        return type.extension(urn)?.attribute(path.attribute)
    }

    private var name: String { path.part.map { "\(path.attribute).\($0)" } ?? path.attribute }

    private var foreign: SCIMSchema? {
        path.schema.flatMap { $0.lowercased() == type.schema.id.lowercased() ? nil : type.extension($0) }
    }

    func apply(to resource: inout SCIMObject) throws(SCIMError) {
        if path.attribute.isEmpty { return try applyWholeExtension(to: &resource) }
        guard let attribute = Self.attribute(path, type) else {
            // Neither a secret nor what an unknown extension has is kept.
            let isUnknownSchema =
                path.schema.map { urn in !SCIMSchema.all.contains { $0.id.lowercased() == urn.lowercased() } } ?? false
            if isUnknownSchema || path.attribute.lowercased() == "password" { return }
            let served = ["id", "meta", "schemas"].contains(path.attribute.lowercased())
            throw SCIMError.bad(
                served ? .mutability : .invalidPath,
                served
                    ? "\(path.attribute) is not for clients to set."
                    : "A \(type.name) has no \(path.attribute.prefix(100)).")
        }
        guard attribute.mutability != .readOnly else {
            throw SCIMError.bad(.mutability, "\(attribute.name) is not for clients to set.")
        }
        guard let schema = foreign else { return try change(&resource, attribute) }
        var inner = resource[schema.id]?.object ?? SCIMObject()
        try change(&inner, attribute)
        resource[schema.id] = inner.isEmpty ? nil : .object(inner)
    }

    /// A path that is an extension's URN alone.
    private func applyWholeExtension(to resource: inout SCIMObject) throws(SCIMError) {
        guard let schema = foreign else { throw SCIMError.bad(.invalidPath, "The path names no attribute.") }
        if kind != .add { resource[schema.id] = nil }
        guard kind != .remove else { return }
        guard let members = value?.members else {
            throw SCIMError.bad(.invalidValue, "The value must be an object.")
        }
        for (name, value) in members {
            guard let attribute = schema.attribute(name), attribute.mutability != .readOnly else { continue }
            try SCIMChange(kind: kind, path: SCIMPath(schema: schema.id, attribute.name), value: value, type: type)
                .apply(to: &resource)
        }
    }

    private func change(_ object: inout SCIMObject, _ attribute: SCIMAttribute) throws(SCIMError) {
        var part: SCIMAttribute?
        if let wanted = path.part {
            part = attribute.part(wanted)
            guard let part else {
                throw SCIMError.bad(.invalidPath, "\(attribute.name) has no \(wanted.prefix(100)).")
            }
            guard part.mutability != .readOnly else {
                throw SCIMError.bad(.mutability, "\(name) is not for clients to set.")
            }
        }
        if attribute.isMultiValued {
            let list = SCIMValueList(attribute: attribute, part: part, filter: path.filter, name: name)
            let changed = try list.change(object[attribute.name]?.elements ?? [], kind, value)
            object[attribute.name] = changed.isEmpty ? nil : .array(changed)
            return
        }
        guard path.filter == nil else {
            throw SCIMError.bad(.invalidPath, "\(attribute.name) has one value; there is nothing to choose.")
        }
        if let part {
            var whole = object[attribute.name]?.object ?? SCIMObject()
            whole[part.name] = try kind == .remove ? nil : read(part)
            object[attribute.name] = whole.isEmpty ? nil : .object(whole)
        } else if kind == .remove {
            object[attribute.name] = nil
        } else {
            // Parts that are not named stay (RFC 7644 §3.5.2.1, §3.5.2.3).
            let new = try read(attribute)
            guard case .object(let parts) = new, var whole = object[attribute.name]?.object else {
                object[attribute.name] = new
                return
            }
            for part in parts.members { whole[part.name] = part.value }
            object[attribute.name] = .object(whole)
        }
    }

    private func read(_ attribute: SCIMAttribute) throws(SCIMError) -> SCIMValue? {
        guard let value else { return nil }
        // Some clients wrap the one value in a list.
        if !attribute.isMultiValued, let only = value.elements, only.count == 1 {
            return try SCIMReader.single(only[0], attribute, name: name)
        }
        return try SCIMReader.value(value, attribute, name: name)
    }
}

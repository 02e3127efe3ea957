internal import Accounts

/// What of a resource is shown (RFC 7644 §3.9). `schemas` and `id` always are.
struct SCIMProjection {
    private var wanted: [SCIMPath] = []
    private var unwanted: [SCIMPath] = []

    /// Everything.
    init() {}

    /// Reads the names of attributes.
    ///
    /// - Throws: `invalidPath` for what is no name; `invalidValue` for both lists together.
    init(attributes: [String], excluded: [String]) throws(SCIMError) {
        guard attributes.isEmpty || excluded.isEmpty else {
            throw SCIMError.bad(.invalidValue, "attributes and excludedAttributes can't be given together.")
        }
        for name in attributes { wanted.append(try SCIMPath(name)) }
        for name in excluded { unwanted.append(try SCIMPath(name)) }
    }

    /// Whether anything of the attribute is shown.
    func shows(_ name: String) -> Bool {
        let lowered = name.lowercased()
        if !wanted.isEmpty { return wanted.contains { $0.attribute.lowercased() == lowered } }
        return !unwanted.contains { $0.attribute.lowercased() == lowered && $0.part == nil }
    }

    /// What is shown of a resource.
    func shown(_ resource: SCIMObject, _ type: SCIMResourceType) -> SCIMObject {
        guard !wanted.isEmpty || !unwanted.isEmpty else { return resource }
        var shown = SCIMObject()
        for member in resource.members {
            if member.name == "schemas" || member.name == "id" {
                shown[member.name] = member.value
            } else if let schema = type.extension(member.name), let inner = member.value.object {
                let left = part(of: inner, schema.id)
                if !left.isEmpty { shown[member.name] = .object(left) }
            } else {
                shown[member.name] = value(of: member, nil, type)
            }
        }
        return shown
    }

    private func part(of object: SCIMObject, _ urn: String) -> SCIMObject {
        let isWhole: (SCIMPath) -> Bool = { $0.attribute.isEmpty && $0.schema?.lowercased() == urn.lowercased() }
        if wanted.contains(where: isWhole) { return object }
        if unwanted.contains(where: isWhole) { return SCIMObject() }
        var left = SCIMObject()
        for member in object.members { left[member.name] = value(of: member, urn, nil) }
        return left
    }

    private func value(of member: SCIMObject.Member, _ urn: String?, _ type: SCIMResourceType?) -> SCIMValue? {
        func concerns(_ path: SCIMPath) -> Bool {
            guard path.attribute.lowercased() == member.name.lowercased() else { return false }
            guard let schema = path.schema?.lowercased() else { return urn == nil }
            return schema == (urn ?? type?.schema.id)?.lowercased()
        }
        let about = (wanted.isEmpty ? unwanted : wanted).filter(concerns)
        let parts = about.compactMap { $0.part?.lowercased() }
        if wanted.isEmpty {
            if about.isEmpty { return member.value }
            return parts.count < about.count ? nil : Self.filtered(member.value) { !parts.contains($0.lowercased()) }
        }
        if about.isEmpty { return nil }
        return parts.count < about.count
            ? member.value : Self.filtered(member.value) { parts.contains($0.lowercased()) }
    }

    private static func filtered(_ value: SCIMValue, _ keeps: (String) -> Bool) -> SCIMValue? {
        switch value {
        case .object(let object):
            var left = SCIMObject()
            for member in object.members where keeps(member.name) { left[member.name] = member.value }
            return left.isEmpty ? nil : .object(left)
        case .array(let elements):
            let left = elements.compactMap { filtered($0, keeps) }
            return left.isEmpty ? nil : .array(left)
        default: return value
        }
    }
}

public import Base

/// The operations of a PATCH request (RFC 7644 §3.5.2), as the RFC has them and as Okta, Entra and others send them.
public struct SCIMPatch: Sendable {
    /// The URN of the message.
    public static let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    /// How many operations one request may have.
    public static let mostOperations = 1000

    enum Kind: String, Sendable {
        case add, replace, remove
    }

    struct Operation: Sendable {
        var kind: Kind
        /// Nil: the value's members say where.
        var path: SCIMPath?
        var value: JSON?
    }

    let operations: [Operation]

    /// Reads the body of a request. The names of operations may be written in any case.
    ///
    /// - Throws: `invalidSyntax`, `invalidPath`, `invalidValue`, `noTarget`; `tooMany` beyond ``mostOperations``.
    public init(_ body: JSON) throws(SCIMError) {
        func member(_ json: JSON, _ name: String) -> JSON? {
            json.members?.first { $0.name.lowercased() == name }?.value
        }
        guard
            member(body, "schemas")?.elements?.contains(where: {
                $0.string?.lowercased() == Self.schema.lowercased()
            }) == true
        else { throw SCIMError.bad(.invalidSyntax, "schemas must name \(Self.schema).") }
        guard let list = member(body, "operations")?.elements, !list.isEmpty else {
            throw SCIMError.bad(.invalidSyntax, "Operations must be a list of at least one operation.")
        }
        guard list.count <= Self.mostOperations else {
            throw SCIMError(413, .tooMany, "A request may have at most \(Self.mostOperations) operations.")
        }
        var operations: [Operation] = []
        for entry in list {
            guard let kind = member(entry, "op")?.string.flatMap({ Kind(rawValue: $0.lowercased()) }) else {
                throw SCIMError.bad(.invalidSyntax, "op must be add, replace or remove.")
            }
            let given = member(entry, "path")
            guard given == nil || given?.isNull == true || given?.string != nil else {
                throw SCIMError.bad(.invalidPath, "path must be a text.")
            }
            var path: SCIMPath?
            if let text = given?.string, !text.isEmpty { path = try SCIMPath(text) }
            let value = member(entry, "value")
            if path == nil, kind == .remove { throw SCIMError.bad(.noTarget, "A remove must have a path.") }
            if value == nil, kind != .remove {
                throw SCIMError.bad(.invalidValue, "An \(kind.rawValue) must have a value.")
            }
            operations.append(Operation(kind: kind, path: path, value: value))
        }
        self.operations = operations
    }

    /// Does all operations in their order to a resource in the schema's form.
    ///
    /// - Throws: what RFC 7644 §3.5.2 has for an operation that can't be done; nothing is then to be kept.
    public func apply(to resource: inout SCIMObject, _ type: SCIMResourceType) throws(SCIMError) {
        for operation in operations {
            guard let path = operation.path else {
                try applyMembers(operation, to: &resource, type)
                continue
            }
            try SCIMChange(kind: operation.kind, path: path, value: operation.value, type: type).apply(to: &resource)
        }
        for attribute in type.schema.attributes where attribute.isRequired && resource[attribute.name] == nil {
            throw SCIMError.bad(.mutability, "\(attribute.name) can't be taken away.")
        }
    }

    /// Without a path each member of the value names its own (RFC 7644 §3.5.2.1); what is unknown or the service's own to
    /// say is passed over, as in a PUT: Okta sends the id along with the new name.
    private func applyMembers(
        _ operation: Operation, to resource: inout SCIMObject, _ type: SCIMResourceType
    ) throws(SCIMError) {
        guard let members = operation.value?.members else {
            throw SCIMError.bad(.invalidValue, "Without a path the value must be an object.")
        }
        for (name, value) in members {
            if let schema = type.extension(name), let inner = value.members {
                for (part, value) in inner {
                    guard let attribute = schema.attribute(part), attribute.mutability != .readOnly else { continue }
                    let path = SCIMPath(schema: schema.id, attribute.name)
                    try SCIMChange(kind: operation.kind, path: path, value: value, type: type).apply(to: &resource)
                }
                continue
            }
            guard let path = try? SCIMPath(name), let target = SCIMChange.attribute(path, type),
                target.mutability != .readOnly
            else { continue }
            try SCIMChange(kind: operation.kind, path: path, value: value, type: type).apply(to: &resource)
        }
    }
}

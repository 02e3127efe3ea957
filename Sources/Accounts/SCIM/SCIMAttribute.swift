/// The definition of one attribute (RFC 7643 §7).
public struct SCIMAttribute: Sendable {
    /// The data type (RFC 7643 §2.3), as far as our schemas use them.
    public enum Kind: String, Sendable {
        case string, boolean, integer, reference, binary, dateTime, complex
    }

    /// Who may set it (RFC 7643 §2.2).
    public enum Mutability: String, Sendable {
        case readWrite, readOnly, immutable
    }

    /// Whether two resources may have the same value.
    public enum Uniqueness: String, Sendable {
        case none, server
    }

    /// The name; compared without case.
    public let name: String
    /// The type.
    public let kind: Kind
    /// What it is for.
    public let description: String
    /// Whether it has several values.
    public var isMultiValued = false
    /// Whether a resource can't do without.
    public var isRequired = false
    /// Whether case matters when values are compared.
    public var isCaseExact = false
    /// Who may set it.
    public var mutability = Mutability.readWrite
    /// Whether two resources may have the same value.
    public var uniqueness = Uniqueness.none
    /// Values that are suggested.
    public var canonicalValues: [String] = []
    /// What a reference leads to.
    public var referenceTypes: [String] = []
    /// The parts of a complex attribute.
    public var parts: [SCIMAttribute] = []

    init(
        _ name: String, _ kind: Kind = .string, _ description: String, _ more: (inout SCIMAttribute) -> Void = { _ in }
    ) {
        self.name = name
        self.kind = kind
        self.description = description
        more(&self)
    }

    /// The part of this name, however it is cased.
    public func part(_ name: String) -> SCIMAttribute? {
        parts.first { $0.name.lowercased() == name.lowercased() }
    }

    static func complex(_ name: String, _ description: String, _ parts: [SCIMAttribute]) -> SCIMAttribute {
        SCIMAttribute(name, .complex, description) { $0.parts = parts }
    }

    /// A multi-valued complex attribute with the parts of RFC 7643 §2.4.
    static func plural(
        _ name: String, _ description: String, value: Kind = .string, types: [String] = [],
        parts: [SCIMAttribute]? = nil
    ) -> SCIMAttribute {
        let usual = [
            SCIMAttribute("value", value, "The value.") { part in
                part.referenceTypes = value == .reference ? ["external"] : []
                part.isCaseExact = value == .reference || value == .binary
            },
            SCIMAttribute("display", "A name to be shown."),
            SCIMAttribute("type", "What the value is for.") { $0.canonicalValues = types },
            SCIMAttribute("primary", .boolean, "Whether it is the preferred one."),
        ]
        return SCIMAttribute(name, .complex, description) { attribute in
            attribute.isMultiValued = true
            attribute.parts = parts ?? usual
        }
    }
}

extension SCIMAttribute {
    init(_ name: String, _ description: String, _ more: (inout SCIMAttribute) -> Void = { _ in }) {
        self.init(name, .string, description, more)
    }
}

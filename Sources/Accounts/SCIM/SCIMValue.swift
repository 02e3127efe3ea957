public import Base

/// A value of a SCIM resource that can be changed, unlike a parsed ``JSON``.
public indirect enum SCIMValue: Sendable, Equatable {
    case bool(Bool)
    case integer(Int64)
    case string(String)
    case array([SCIMValue])
    case object(SCIMObject)

    /// The text; nil for another kind.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The truth value; nil for another kind.
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    /// The elements; nil for another kind.
    public var elements: [SCIMValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The members; nil for another kind.
    public var object: SCIMObject? { if case .object(let object) = self { object } else { nil } }

    /// Takes over what was stored; nil for null and for numbers that are no integers.
    public init?(_ json: JSON) {
        switch json.kind {
        case .null: return nil
        case .bool: self = .bool(json.bool ?? false)
        case .number:
            guard let number = json.int else { return nil }
            self = .integer(number)
        case .string: self = .string(json.string ?? "")
        case .array: self = .array((json.elements ?? []).compactMap { SCIMValue($0) })
        case .object: self = .object(SCIMObject(json))
        }
    }
}

/// The members of a resource or of a complex attribute, in their order, under the names that the schema gives them.
public struct SCIMObject: Sendable, Equatable {
    /// One member.
    public struct Member: Sendable, Equatable {
        /// The attribute's name, or an extension's URN.
        public var name: String
        /// Its value.
        public var value: SCIMValue
    }

    /// The members in their order.
    public private(set) var members: [Member] = []

    /// An object without members.
    public init() {}

    /// Takes over what was stored.
    public init(_ json: JSON) {
        for (name, value) in json.members ?? [] { self[name] = SCIMValue(value) }
    }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The member of this name; setting nil takes it away.
    public subscript(_ name: String) -> SCIMValue? {
        get { members.first { $0.name == name }?.value }
        set {
            guard let index = members.firstIndex(where: { $0.name == name }) else {
                if let newValue { members.append(Member(name: name, value: newValue)) }
                return
            }
            if let newValue { members[index].value = newValue } else { members.remove(at: index) }
        }
    }
}

extension SCIMValue: JSONWritable {
    /// Writes the value.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .bool(let flag): writer.value(flag)
        case .integer(let number): writer.value(number)
        case .string(let text): writer.value(text)
        case .array(let elements): elements.write(to: &writer)
        case .object(let object): object.write(to: &writer)
        }
    }
}

extension SCIMObject: JSONWritable {
    /// Writes the object.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for member in members { writer.member(member.name, member.value) }
        }
    }
}

/// The form of a JSON value (JSON Schema 2020-12, as OpenAPI 3.1 section 4.8.24 uses it).
public indirect enum Schema: Sendable {
    /// A form that the document describes once under this name and refers to.
    case component(String, Schema)
    /// An object with these members and no other.
    case object([Property])
    /// An object with any members.
    case anyObject
    /// An array of values of one form, at least so many.
    case array(Schema, atLeast: Int = 0)
    /// A text: its length in characters, a format of JSON Schema, a regular expression of ECMA-262 that finds it.
    case string(length: ClosedRange<Int>?, format: String?, pattern: String?)
    /// One of these words.
    case choice([String])
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// A number.
    case number
    /// A truth value.
    case bool
    /// `null`.
    case null
    /// A value of at least one of these forms.
    case either([Schema])

    /// An id.
    public static let uuid = string(length: nil, format: "uuid", pattern: nil)
    /// A moment (RFC 3339).
    public static let time = string(length: nil, format: "date-time", pattern: nil)
    /// Any text.
    public static let text = string(length: nil, format: nil, pattern: nil)

    /// A text with so many characters.
    public static func text(_ length: ClosedRange<Int>, pattern: String? = nil) -> Schema {
        string(length: length, format: nil, pattern: pattern)
    }

    /// The raw values of an enumeration.
    public static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> Schema {
        choice(Choice.allCases.map(\.rawValue))
    }

    /// The same, or `null`.
    public var orNull: Schema { .either([self, .null]) }

    /// The named forms that this one refers to, itself included.
    var components: [(name: String, schema: Schema)] {
        switch self {
        case .component(let name, let schema): [(name, schema)] + schema.components
        case .object(let properties): properties.flatMap(\.schema.components)
        case .array(let element, _): element.components
        case .either(let forms): forms.flatMap(\.components)
        case .anyObject, .string, .choice, .integer, .number, .bool, .null: []
        }
    }
}

/// A member of an object.
public struct Property: Sendable {
    /// Its name.
    public let name: String
    /// The form of its value.
    public let schema: Schema
    /// Whether it is always there.
    public let isRequired: Bool
    /// What it says, where the name does not.
    public let note: String?

    /// A member.
    public init(_ name: String, _ schema: Schema, isRequired: Bool = true, _ note: String? = nil) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        self.note = note
    }

    /// A member that may be left out.
    public static func optional(_ name: String, _ schema: Schema, _ note: String? = nil) -> Property {
        Property(name, schema, isRequired: false, note)
    }
}

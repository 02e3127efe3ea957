/// A value that a request carries beside its body.
public struct Parameter: Sendable {
    /// Where it stands.
    public enum Place: String, Sendable {
        case path
        case query
        case header
    }

    /// Where it stands.
    public let place: Place
    /// Its name.
    public let name: String
    /// The form of its value.
    public let schema: Schema
    /// Whether it must be there; one of the path always is.
    public let isRequired: Bool
    /// What it does.
    public let note: String?

    /// A parameter.
    public init(
        _ place: Place, _ name: String, _ schema: Schema, isRequired: Bool = false, _ note: String? = nil
    ) {
        self.place = place
        self.name = name
        self.schema = schema
        self.isRequired = isRequired || place == .path
        self.note = note
    }

    /// A parameter of the query that may be left out.
    public static func query(_ name: String, _ schema: Schema, _ note: String? = nil) -> Parameter {
        Parameter(.query, name, schema, note)
    }

    /// A header that may be left out.
    public static func header(_ name: String, _ schema: Schema, _ note: String? = nil) -> Parameter {
        Parameter(.header, name, schema, note)
    }
}

/// Where a value lies: `userName`, `name.givenName`, `urn:…:User:department`, `emails[type eq "work"].value`
/// (RFC 7644 §3.10 and the PATH rule of §3.5.2).
public struct SCIMPath: Sendable, Equatable {
    /// The URN before the attribute; nil where there is none.
    public var schema: String?
    /// The attribute's name, as it was written; empty where the path is a bare URN.
    public var attribute: String
    /// Which values of a multi-valued attribute.
    public var filter: SCIMFilter?
    /// The part of a complex attribute.
    public var part: String?

    /// A path from its parts.
    public init(schema: String? = nil, _ attribute: String, filter: SCIMFilter? = nil, part: String? = nil) {
        self.schema = schema
        self.attribute = attribute
        self.filter = filter
        self.part = part
    }

    /// Reads the path of a PATCH operation, an `attributes` parameter or a `sortBy`.
    ///
    /// - Throws: `invalidPath` for what is none.
    public init(_ text: String) throws(SCIMError) {
        var parser = SCIMFilterParser(text, kind: .invalidPath)
        self = try parser.wholePath()
    }
}

/// A filter expression (RFC 7644 §3.4.2.2).
public indirect enum SCIMFilter: Sendable, Equatable {
    /// How a value is compared.
    public enum Comparison: String, Sendable, CaseIterable {
        case eq, ne, co, sw, ew, gt, ge, lt, le
    }

    /// What a value is compared with.
    public enum Literal: Sendable, Equatable {
        case string(String)
        case bool(Bool)
        case number(Double)
        case null
    }

    case compare(SCIMPath, Comparison, Literal)
    case present(SCIMPath)
    case and(SCIMFilter, SCIMFilter)
    case or(SCIMFilter, SCIMFilter)
    case not(SCIMFilter)
    /// `emails[…]`: one value fulfils all of it.
    case values(SCIMPath, SCIMFilter)

    /// Reads a filter.
    ///
    /// - Throws: `invalidFilter` saying where it goes wrong.
    public init(_ text: String) throws(SCIMError) {
        var parser = SCIMFilterParser(text, kind: .invalidFilter)
        self = try parser.wholeFilter()
    }
}

public import Base

/// One value bound to a `$n` of a statement. Values travel apart from the SQL text, always.
public enum Parameter: Sendable {
    /// SQL `NULL`.
    case null
    /// Any type that PostgreSQL reads from text. Must hold no NUL character: the server knows none.
    case text(String)
    /// `bigint` and smaller.
    case int(Int64)
    /// `boolean`.
    case bool(Bool)
    /// `uuid`.
    case uuid(EntityID)
    /// `timestamptz`, microseconds kept.
    case timestamp(Timestamp)
    /// `bytea`.
    case bytes([UInt8])
    /// `json` or `jsonb`: the document's text in UTF-8.
    case json([UInt8])
    /// `text[]`.
    case textArray([String])
    /// `uuid[]`.
    case uuidArray([EntityID])
    /// `double precision`.
    case double(Double)

    /// `text`, or `NULL` for nil.
    public static func text(_ value: String?) -> Parameter { value.map { .text($0) } ?? .null }
    /// `bigint` from any width that fits.
    public static func int(_ value: Int) -> Parameter { .int(Int64(value)) }
    /// `bigint`, or `NULL` for nil.
    public static func int(_ value: Int64?) -> Parameter { value.map { .int($0) } ?? .null }
    /// `boolean`, or `NULL` for nil.
    public static func bool(_ value: Bool?) -> Parameter { value.map { .bool($0) } ?? .null }
    /// `uuid`, or `NULL` for nil.
    public static func uuid(_ value: EntityID?) -> Parameter { value.map { .uuid($0) } ?? .null }
    /// `timestamptz`, or `NULL` for nil.
    public static func timestamp(_ value: Timestamp?) -> Parameter { value.map { .timestamp($0) } ?? .null }
    /// `bytea`, or `NULL` for nil.
    public static func bytes(_ value: [UInt8]?) -> Parameter { value.map { .bytes($0) } ?? .null }
    /// `jsonb`, or `NULL` for nil.
    public static func json(_ value: [UInt8]?) -> Parameter { value.map { .json($0) } ?? .null }
}

public import Base
internal import CPostgres

/// One row of a result, read by column position from 0. Lives only while the row's closure runs.
///
/// Each function throws ``RowError`` when the column is missing, is `NULL` where a value is expected, or does
/// not have the form of the type asked for.
@safe public struct RowReader: ~Copyable {
    private let result: OpaquePointer
    private let row: Int32
    private let statement: String

    init(_ result: OpaquePointer, row: Int32, statement: String) {
        unsafe self.result = unsafe result
        self.row = row
        self.statement = statement
    }

    /// How many columns the result has.
    public var columnCount: Int { Int(unsafe PQnfields(result)) }

    /// Whether the column is `NULL`.
    public func isNull(_ column: Int) throws(RowError) -> Bool {
        guard column >= 0, column < columnCount else { throw error(column, "there is no such column") }
        return unsafe PQgetisnull(result, row, Int32(column)) != 0
    }

    /// The value's text; any type has one.
    public func text(_ column: Int) throws(RowError) -> String {
        try unsafe required(column, "text") { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// An integer of any width.
    public func int(_ column: Int) throws(RowError) -> Int64 {
        try unsafe required(column, "an integer") { unsafe ValueText.integer($0) }
    }

    /// A `boolean`.
    public func bool(_ column: Int) throws(RowError) -> Bool {
        try unsafe required(column, "a boolean") { bytes in
            guard bytes.count == 1 else { return nil }
            switch unsafe bytes[0] {
            case UInt8(ascii: "t"): return true
            case UInt8(ascii: "f"): return false
            default: return nil
            }
        }
    }

    /// A `uuid`.
    public func uuid(_ column: Int) throws(RowError) -> EntityID {
        try unsafe required(column, "a UUID") { unsafe EntityID(String(decoding: $0, as: UTF8.self)) }
    }

    /// A `timestamptz`; `infinity` is refused.
    public func timestamp(_ column: Int) throws(RowError) -> Timestamp {
        try unsafe required(column, "a finite timestamp with time zone") {
            unsafe TimestampText.moment($0)
        }
    }

    /// A `double precision`, `real` or `numeric`.
    public func double(_ column: Int) throws(RowError) -> Double {
        try unsafe required(column, "a number") { unsafe Double(String(decoding: $0, as: UTF8.self)) }
    }

    /// A `bytea`.
    public func bytes(_ column: Int) throws(RowError) -> [UInt8] {
        try unsafe required(column, "bytes in hex form") { unsafe ValueText.hexBytes($0) }
    }

    /// A `json` or `jsonb` document: its text in UTF-8.
    public func json(_ column: Int) throws(RowError) -> [UInt8] {
        try unsafe required(column, "a JSON document") { unsafe [UInt8]($0) }
    }

    /// A one-dimensional `text[]` (or an array of any type whose elements are to be read as text) without `NULL`s.
    public func textArray(_ column: Int) throws(RowError) -> [String] {
        try unsafe required(column, "a one-dimensional array without nulls") { unsafe ArrayText.elements($0) }
    }

    /// A one-dimensional `uuid[]` without `NULL`s.
    public func uuidArray(_ column: Int) throws(RowError) -> [EntityID] {
        try unsafe required(column, "an array of UUIDs") { bytes in
            guard let texts = unsafe ArrayText.elements(bytes) else { return nil }
            let ids = texts.compactMap { EntityID($0) }
            return ids.count == texts.count ? ids : nil
        }
    }

    private func required<Value>(
        _ column: Int, _ expected: String, _ read: (UnsafeBufferPointer<UInt8>) -> Value?
    ) throws(RowError) -> Value {
        if try isNull(column) { throw error(column, "expected \(expected), found NULL") }
        let length = Int(unsafe PQgetlength(result, row, Int32(column)))
        guard let start = unsafe PQgetvalue(result, row, Int32(column)) else {
            throw error(column, "there is no such column")
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length).assumingMemoryBound(to: UInt8.self)
        guard let value = unsafe read(bytes) else { throw error(column, "expected \(expected)") }
        return value
    }

    private func error(_ column: Int, _ problem: String) -> RowError {
        RowError(statement: statement, column: column, problem: problem)
    }
}

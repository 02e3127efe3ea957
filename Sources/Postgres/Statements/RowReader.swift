public import Base
internal import CPostgres

/// One row of an answer, read by position. Valid only while the row is being read.
@safe public struct RowReader {
    private let result: OpaquePointer
    private let row: Int32

    init(result: OpaquePointer, row: Int32) {
        unsafe self.result = result
        self.row = row
    }

    /// Whether the column is null.
    public func isNull(_ column: Int) -> Bool {
        unsafe PQgetisnull(result, row, Int32(column)) != 0
    }

    private func raw(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let count = Int(unsafe PQgetlength(result, row, Int32(column)))
        let start = unsafe UnsafeRawPointer(PQgetvalue(result, row, Int32(column)))
        return unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
    }

    private func required<Value>(_ column: Int, _ expected: String, _ value: Value?) throws(RowError) -> Value {
        guard let value else { throw RowError(column: column, expected: expected) }
        return value
    }

    private func present<Value>(_ column: Int, _ read: (Int) throws(RowError) -> Value) throws(RowError) -> Value? {
        isNull(column) ? nil : try read(column)
    }

    /// A text.
    public func text(_ column: Int) throws(RowError) -> String {
        if isNull(column) { throw RowError(column: column, expected: "text") }
        return unsafe String(decoding: raw(column), as: UTF8.self)
    }

    /// A text, or nil.
    public func optionalText(_ column: Int) throws(RowError) -> String? { try present(column, text) }

    /// A whole number.
    public func int(_ column: Int) throws(RowError) -> Int64 {
        try required(column, "integer", isNull(column) ? nil : Int64(text(column)))
    }

    /// A whole number, or nil.
    public func optionalInt(_ column: Int) throws(RowError) -> Int64? { try present(column, int) }

    /// A truth value.
    public func bool(_ column: Int) throws(RowError) -> Bool {
        switch isNull(column) ? nil : unsafe raw(column).first {
        case 0x74: true
        case 0x66: false
        default: throw RowError(column: column, expected: "boolean")
        }
    }

    /// A truth value, or nil.
    public func optionalBool(_ column: Int) throws(RowError) -> Bool? { try present(column, bool) }

    /// An id.
    public func uuid(_ column: Int) throws(RowError) -> EntityID {
        try required(column, "uuid", isNull(column) ? nil : EntityID(text(column)))
    }

    /// An id, or nil.
    public func optionalUUID(_ column: Int) throws(RowError) -> EntityID? { try present(column, uuid) }

    /// A moment.
    public func timestamp(_ column: Int) throws(RowError) -> Timestamp {
        try required(column, "timestamptz", isNull(column) ? nil : Timestamp(rfc3339: text(column)))
    }

    /// A moment, or nil.
    public func optionalTimestamp(_ column: Int) throws(RowError) -> Timestamp? { try present(column, timestamp) }

    /// Bytes (`bytea`).
    public func bytes(_ column: Int) throws(RowError) -> [UInt8] {
        let text = try text(column)
        return try required(column, "bytea", text.hasPrefix("\\x") ? Hex.decode(text.dropFirst(2)) : nil)
    }

    /// Bytes (`bytea`), or nil.
    public func optionalBytes(_ column: Int) throws(RowError) -> [UInt8]? { try present(column, bytes) }

    /// The text of a JSON value.
    public func json(_ column: Int) throws(RowError) -> [UInt8] {
        if isNull(column) { throw RowError(column: column, expected: "json") }
        return unsafe Array(raw(column))
    }

    /// The text of a JSON value, or nil.
    public func optionalJSON(_ column: Int) throws(RowError) -> [UInt8]? { try present(column, json) }

    /// An array of texts without nulls.
    public func textArray(_ column: Int) throws(RowError) -> [String] {
        try required(column, "text[]", ArrayText.elements(of: text(column)))
    }

    /// An array of ids without nulls.
    public func uuidArray(_ column: Int) throws(RowError) -> [EntityID] {
        var ids: [EntityID] = []
        for text in try textArray(column) { ids.append(try required(column, "uuid[]", EntityID(text))) }
        return ids
    }
}

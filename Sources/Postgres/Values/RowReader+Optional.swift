public import Base

/// The same columns, nil for `NULL`.
extension RowReader {
    /// The value's text, nil for `NULL`.
    public func optionalText(_ column: Int) throws(RowError) -> String? {
        try isNull(column) ? nil : text(column)
    }

    /// An integer, nil for `NULL`.
    public func optionalInt(_ column: Int) throws(RowError) -> Int64? {
        try isNull(column) ? nil : int(column)
    }

    /// A `boolean`, nil for `NULL`.
    public func optionalBool(_ column: Int) throws(RowError) -> Bool? {
        try isNull(column) ? nil : bool(column)
    }

    /// A `uuid`, nil for `NULL`.
    public func optionalUUID(_ column: Int) throws(RowError) -> EntityID? {
        try isNull(column) ? nil : uuid(column)
    }

    /// A `timestamptz`, nil for `NULL`.
    public func optionalTimestamp(_ column: Int) throws(RowError) -> Timestamp? {
        try isNull(column) ? nil : timestamp(column)
    }

    /// A number, nil for `NULL`.
    public func optionalDouble(_ column: Int) throws(RowError) -> Double? {
        try isNull(column) ? nil : double(column)
    }

    /// A `bytea`, nil for `NULL`.
    public func optionalBytes(_ column: Int) throws(RowError) -> [UInt8]? {
        try isNull(column) ? nil : bytes(column)
    }

    /// A JSON document's text, nil for `NULL`.
    public func optionalJSON(_ column: Int) throws(RowError) -> [UInt8]? {
        try isNull(column) ? nil : json(column)
    }

    /// A `text[]`, nil for `NULL`.
    public func optionalTextArray(_ column: Int) throws(RowError) -> [String]? {
        try isNull(column) ? nil : textArray(column)
    }

    /// A `uuid[]`, nil for `NULL`.
    public func optionalUUIDArray(_ column: Int) throws(RowError) -> [EntityID]? {
        try isNull(column) ? nil : uuidArray(column)
    }
}

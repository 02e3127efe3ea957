extension Request {
    /// The method.
    public var method: Method { parser.method }

    /// The target's path, raw as it was sent, without query. `*` for `OPTIONS *`.
    public var path: String { withPath { $0.text } }

    /// What stands behind the first `?`, raw; nil when there is none.
    public var query: String? {
        guard let range = parser.query else { return nil }
        return withRange(range) { $0.text }
    }

    /// Reads the raw path without making a copy.
    public func withPath<R>(_ body: (Span<UInt8>) throws -> R) rethrows -> R {
        // An absolute-form target without a path means the root (RFC 9112 section 3.2.1).
        if parser.path.isEmpty { return try body("/".utf8.span) }
        return try withRange(parser.path, body)
    }

    /// The value of the first field with this name; nil if there is none. Bytes that are no UTF-8 are replaced.
    public func field(_ name: FieldName) -> String? {
        withField(name) { $0.text }
    }

    /// The values of all fields with this name, in their order.
    public func fields(_ name: FieldName) -> [String] {
        parser.fields.indices.filter { isNamed($0, name) }.map { withRange(parser.fields[$0].value) { $0.text } }
    }

    /// How many fields have this name.
    public func count(_ name: FieldName) -> Int {
        var count = 0
        for index in parser.fields.indices where isNamed(index, name) { count += 1 }
        return count
    }

    /// Reads the value of the first field with this name without making a copy; nil if there is none.
    public func withField<R>(_ name: FieldName, _ body: (Span<UInt8>) throws -> R) rethrows -> R? {
        for index in parser.fields.indices where isNamed(index, name) {
            return try withRange(parser.fields[index].value, body)
        }
        return nil
    }

    /// Shows every field in its order; names as they were sent.
    public func forEachField(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        for field in parser.fields {
            withRange(field.name) { name in withRange(field.value) { value in body(name, value) } }
        }
    }

    /// The request's id: the client's own where it is well formed (1–128 of `A–Z a–z 0–9 . _ -`, sent once), else made.
    public var id: String {
        if let range = clientID { return withRange(range) { $0.text } }
        return ids.text(idNumber)
    }

    /// Appends ``id``.
    func appendID(to bytes: inout [UInt8]) {
        if let range = clientID {
            withRange(range) { id in unsafe id.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) } }
        } else {
            ids.append(idNumber, to: &bytes)
        }
    }

    /// The values of the route's parameters.
    public var parameters: PathParameters { PathParameters(request: self) }

    @inline(__always) private func isNamed(_ index: Int, _ name: FieldName) -> Bool {
        let field = parser.fields[index]
        if name.code != 0 || field.code != 0 { return field.code == name.code }
        return withRange(field.name) { $0.equalsAnyCase(name.other.utf8.span) }
    }

    /// Reads the raw value of the parameter at this place of the template.
    func withParameter<R>(_ index: Int, _ body: (Span<UInt8>) throws -> R) rethrows -> R {
        try withPath { path in try body(path.extracting(parameterRanges[index])) }
    }

    var clientID: Range<Int>? {
        var found: Range<Int>?
        for field in parser.fields where field.code == FieldName.xRequestID.code {
            guard found == nil, RequestIDs.isWellFormed(field, self) else { return nil }
            found = field.value
        }
        return found
    }
}

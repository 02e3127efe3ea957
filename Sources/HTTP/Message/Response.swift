/// What is sent back. The server adds `X-Request-Id`, `X-Content-Type-Options`, `Cache-Control: no-store`, `Date`,
/// `Content-Length` and, where the connection ends, `Connection: close`.
public struct Response: Sendable {
    /// The status code, 200–599.
    public var status: Int
    /// Fields in the order they are sent. Line breaks and NUL in a value are sent as spaces. A `Cache-Control` here
    /// replaces the server's own; `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are left out.
    public var fields: [(FieldName, String)]
    /// Whole field lines (`name: value`, CR, LF each) serialised before, sent as they are. Whoever makes them answers
    /// for their form; none may repeat a field that the server adds.
    public var block: [UInt8]
    /// The body; its length is sent also where the body is not (HEAD).
    public var body: [UInt8]
    /// Whether the connection ends after this response.
    public var closes: Bool

    /// A response from its parts.
    public init(
        status: Int, fields: [(FieldName, String)] = [], block: [UInt8] = [], body: [UInt8] = [], closes: Bool = false
    ) {
        self.status = status
        self.fields = fields
        self.block = block
        self.body = body
        self.closes = closes
    }

    /// A response with a JSON document, given serialised.
    public init(status: Int, json: [UInt8]) {
        self.init(status: status, fields: [(.contentType, "application/json")], body: json)
    }

    /// A response with text in the given media type.
    public init(status: Int, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, fields: [(.contentType, type)], body: Array(text.utf8))
    }

    /// The value of the first field with this name among `fields`.
    public func field(_ name: FieldName) -> String? {
        fields.first { $0.0 == name }?.1
    }

    /// Gives the field this value, in place of any it had.
    public mutating func set(_ name: FieldName, _ value: String) {
        fields.removeAll { $0.0 == name }
        fields.append((name, value))
    }
}

/// The beginnings of responses, serialised once: status line and the fields that never change.
struct StatusLines {
    private var lines: [[UInt8]]
    static let fixed = "X-Content-Type-Options: nosniff\r\n"

    init() {
        lines = (0..<600).map { status in
            Array("HTTP/1.1 \(status) \(Self.reason(status))\r\n\(Self.fixed)".utf8)
        }
    }

    /// The bytes for the status; a status out of range is answered as 500.
    @inline(__always) subscript(_ status: Int) -> [UInt8] {
        lines[status >= 200 && status < 600 ? status : 500]
    }

    private static func reason(_ status: Int) -> String {
        reasons[status] ?? ""
    }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
        303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked",
        428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}

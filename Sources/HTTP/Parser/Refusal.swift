internal import Base

/// Why a request is refused before any handler sees it. The connection ends with the answer, because where the next
/// request begins is no longer sure. The raw value is the metric's label.
public enum Refusal: String, Error, Sendable, CaseIterable {
    /// A byte that begins no request line, such as that of a TLS handshake.
    case notHTTP = "not_http"
    /// A request line that is not `method SP target SP version`.
    case requestLine = "request_line"
    /// A target with control bytes, non-ASCII bytes, a fragment, or in a form that the method may not have.
    case target
    /// A version other than HTTP/1.0 and HTTP/1.1 (505).
    case version
    /// CONNECT, which only proxies can do (501).
    case connectMethod = "connect"
    /// A line that ends with LF alone, or a CR that no LF follows.
    case lineBreak = "line_break"
    /// NUL or another control byte in a field.
    case controlByte = "control_byte"
    /// A field line that continues the one before (RFC 9112 section 5.2).
    case foldedField = "folded_field"
    /// A field line without a colon, with an empty name, or with a byte in its name that no name may have (as the
    /// space before a colon, RFC 9112 section 5.1).
    case fieldName = "field_name"
    /// No Host in HTTP/1.1, more than one, one that is no host, or one that differs from the target's.
    case host
    /// A Content-Length that is not digits alone, or more than one.
    case contentLength = "content_length"
    /// Content-Length and Transfer-Encoding together, or a Transfer-Encoding in HTTP/1.0.
    case framing
    /// A Transfer-Encoding that is not exactly `chunked` (501).
    case transferEncoding = "transfer_encoding"
    /// Chunks that break RFC 9112 section 7.1.
    case chunk
    /// An Expect other than `100-continue` (417).
    case expectation
    /// The request line is over its limit (414).
    case requestLineTooLong = "request_line_too_long"
    /// The head is over its limit (431).
    case headTooLarge = "head_too_large"
    /// There are more fields than the limit allows (431).
    case tooManyFields = "too_many_fields"
    /// The body, or its chunk extensions, are over the limit (413).
    case bodyTooLarge = "body_too_large"
    /// The trailer section is over its limit (431).
    case trailersTooLarge = "trailers_too_large"
    /// The head did not come whole within its time (408).
    case headTimeout = "head_timeout"
    /// The body did not come whole within its time (408).
    case bodyTimeout = "body_timeout"

    /// The status that is answered.
    public var status: Int {
        switch self {
        case .version: 505
        case .connectMethod, .transferEncoding: 501
        case .expectation: 417
        case .requestLineTooLong: 414
        case .headTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .bodyTooLarge: 413
        case .headTimeout, .bodyTimeout: 408
        default: 400
        }
    }

    /// The sentence of the answer, which names the limit where there is one.
    func sentence(_ limits: RequestLimits) -> String {
        switch self {
        case .notHTTP: "The connection does not begin with an HTTP request; this port speaks HTTP/1.1."
        case .requestLine: "The request line must be a method, a target and a version with one space between."
        case .target: "The request target must be a path of visible ASCII characters without a fragment."
        case .version: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .connectMethod: "CONNECT is not supported."
        case .lineBreak: "Lines must end with CR LF, and CR must not stand elsewhere."
        case .controlByte: "A header field holds a control byte."
        case .foldedField: "Header fields must not be continued on a second line."
        case .fieldName: "A header field needs a name without spaces, directly followed by a colon."
        case .host: "Exactly one valid Host header field is needed."
        case .contentLength: "Content-Length must be one number of digits only, sent once."
        case .framing: "Content-Length and Transfer-Encoding must not come together, nor the latter with HTTP/1.0."
        case .transferEncoding: "The only Transfer-Encoding understood is exactly: chunked."
        case .chunk: "The chunked body is malformed."
        case .expectation: "The only expectation understood is: 100-continue."
        case .requestLineTooLong: "The request line is longer than \(limits.requestLine) bytes."
        case .headTooLarge: "The request head is larger than \(limits.head) bytes."
        case .tooManyFields: "The request has more than \(limits.fieldCount) header fields."
        case .bodyTooLarge: "The request body is larger than \(limits.body) bytes."
        case .trailersTooLarge: "The trailer section is larger than \(limits.trailers) bytes."
        case .headTimeout: "The request head did not arrive in time."
        case .bodyTimeout: "The request body did not arrive in time."
        }
    }

    /// The refusal as an error body. HTTP's own refusals have no codes of their own in the contract.
    func problem(_ limits: RequestLimits) -> Problem {
        Problem(self == .bodyTooLarge ? .payloadTooLarge : .badRequest, sentence(limits))
    }
}

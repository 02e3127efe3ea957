/// The method of a request (RFC 9110 section 9). Case matters: `get` is another method than `GET`.
public enum Method: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case patch
    case delete
    case options
    /// Any other token, as sent.
    case other(String)

    /// The method with this name.
    public init(_ name: String) {
        switch name {
        case "GET": self = .get
        case "HEAD": self = .head
        case "POST": self = .post
        case "PUT": self = .put
        case "PATCH": self = .patch
        case "DELETE": self = .delete
        case "OPTIONS": self = .options
        default: self = .other(name)
        }
    }

    /// The name as it stands in a request line.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .other(let name): name
        }
    }

    /// Reads the token of a request line; only an unusual method costs an allocation.
    init(token: Span<UInt8>) {
        if token.spells("GET") {
            self = .get
        } else if token.spells("POST") {
            self = .post
        } else if token.spells("HEAD") {
            self = .head
        } else if token.spells("PUT") {
            self = .put
        } else if token.spells("PATCH") {
            self = .patch
        } else if token.spells("DELETE") {
            self = .delete
        } else if token.spells("OPTIONS") {
            self = .options
        } else {
            self = .other(token.text)
        }
    }
}

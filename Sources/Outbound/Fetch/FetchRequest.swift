public import Base

/// One HTTP request to another service.
public struct FetchRequest: Sendable {
    /// What is asked.
    public enum Method: String, Sendable {
        /// Reads; may be redirected.
        case get = "GET"
        /// Writes; a redirect is refused.
        case post = "POST"
    }

    /// A body with its media type.
    public struct Body: Sendable {
        /// The `Content-Type`.
        public let type: String
        /// The body's bytes.
        public let bytes: [UInt8]

        /// Any bytes under the given media type.
        public init(type: String, bytes: [UInt8]) {
            self.type = type
            self.bytes = bytes
        }

        /// JSON text.
        public static func json(_ bytes: [UInt8]) -> Body { Body(type: "application/json", bytes: bytes) }

        /// `application/x-www-form-urlencoded` (URL standard §5.2), in the given order.
        public static func form(_ fields: [(name: String, value: String)]) -> Body {
            let text = fields.map { "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))" }
                .joined(separator: "&")
            return Body(type: "application/x-www-form-urlencoded", bytes: Array(text.utf8))
        }
    }

    /// What becomes of a redirect.
    public enum Redirects: Sendable, Hashable {
        /// It is refused.
        case none
        /// Followed at most so often, and only where scheme, host and port stay the same.
        case sameOrigin(atMost: Int)
    }

    /// What is asked.
    public var method: Method
    /// Where.
    public var url: WebURL
    /// Header fields besides those that the client writes itself.
    public var fields: [(name: String, value: String)] = []
    /// Sent as `Authorization: Bearer …`; never logged, wiped after use.
    public var bearer: Secret?
    /// The body; only for ``Method/post``.
    public var body: Body?
    /// Time and room.
    public var limits = FetchLimits()
    /// Where a connection may go.
    public var addresses: AddressRule
    /// Whether `http` may be spoken with another machine too; for services of the operator's own only.
    public var allowsPlainHTTP = false
    /// What becomes of a redirect.
    public var redirects = Redirects.none

    /// A request; the address rule can't be left out.
    public init(_ method: Method = .get, _ url: WebURL, addresses: AddressRule) {
        self.method = method
        self.url = url
        self.addresses = addresses
    }
}

extension FetchRequest {
    /// Whether a field can be sent as it is: the name is letters, digits and hyphens (RFC 9110 §5.6.2, as far as is
    /// needed), the value has no control character.
    public static func isSendable(_ name: String, _ value: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            } && isValue(value)
    }

    static func isValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

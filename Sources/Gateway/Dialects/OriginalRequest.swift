public import Base
public import HTTP

/// The request that the gateway asks about, as its dialect tells it; nil where the gateway said nothing.
public struct OriginalRequest: Sendable, Equatable {
    /// The method, as sent.
    public let method: String?
    /// The host, perhaps with a port.
    public let host: String?
    /// Path and query, raw.
    public let target: String?

    /// A request as somebody describes it.
    public init(method: String?, host: String?, target: String?) {
        self.method = method
        self.host = host
        self.target = target
    }

    /// Reads what the dialect's own headers say; no header of another dialect is looked at.
    ///
    /// - Throws: ``Problem`` `bad_request` when such a header comes twice: two readers could then see two requests.
    public init(_ request: Request, dialect: Dialect) throws(Problem) {
        switch dialect {
        case .nginx, .haproxy:
            self.init(
                method: try Self.single(request, .xOriginalMethod), host: try Self.single(request, .host),
                target: try Self.single(request, .xOriginalURI))
        case .traefik, .caddy:
            self.init(
                method: try Self.single(request, .xForwardedMethod), host: try Self.single(request, .xForwardedHost),
                target: try Self.single(request, .xForwardedURI))
        case .envoy:
            let target = request.path.dropFirst("/authorize/envoy".utf8.count)
            self.init(
                method: request.method.name, host: try Self.single(request, .host),
                target: target.isEmpty ? "/" : String(target))
        }
    }

    private static func single(_ request: Request, _ name: FieldName) throws(Problem) -> String? {
        if request.count(name) > 1 {
            throw Problem(
                .badRequest, "The header \(name) was sent more than once; let the gateway set it, not add it.")
        }
        return request.field(name)
    }
}

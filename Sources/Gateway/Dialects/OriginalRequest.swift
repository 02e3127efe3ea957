internal import Base
internal import HTTP

/// The request that the gateway asks about, as its dialect tells it.
public struct OriginalRequest: Sendable, Equatable {
    /// The method, as sent; nil when the gateway sent none.
    public let method: String?
    /// The host without port, lower case; empty when the gateway sent none.
    public let host: String
    /// The path as sent, without the query; nil when the gateway sent none.
    public let path: String?

    /// A request as the gateway describes it.
    public init(method: String?, host: String, path: String?) {
        self.method = method
        self.host = host
        self.path = path
    }

    /// Reads what the dialect's own headers say; no header of another dialect is looked at.
    ///
    /// - Throws: ``Problem`` `bad_request` when such a header comes twice: two readers could then see two requests.
    init(_ request: Request, dialect: Dialect) throws(Problem) {
        switch dialect {
        case .nginx, .haproxy:
            let target = try Self.single(request, .xOriginalURI)
            self.init(
                method: try Self.single(request, .xOriginalMethod), host: Self.host(try Self.single(request, .host)),
                path: target.map(Self.path))
        case .traefik, .caddy:
            let target = try Self.single(request, .xForwardedURI)
            self.init(
                method: try Self.single(request, .xForwardedMethod),
                host: Self.host(try Self.single(request, .xForwardedHost)), path: target.map(Self.path))
        case .envoy:
            // The route's template is `/authorize/envoy/{rest...}`; the raw path keeps what decoding would hide.
            let path = request.path.dropFirst("/authorize/envoy".utf8.count)
            self.init(
                method: request.method.name, host: Self.host(try Self.single(request, .host)),
                path: path.isEmpty ? "/" : String(path))
        }
    }

    private static func single(_ request: Request, _ name: FieldName) throws(Problem) -> String? {
        if request.count(name) > 1 {
            throw Problem(.badRequest, "The header \(name.text) was sent more than once; let the gateway set it, not add it.")
        }
        guard let value = request.field(name), !value.isEmpty else { return nil }
        return value
    }

    private static func path(_ target: String) -> String {
        String(target.prefix { $0 != "?" })
    }

    /// Hosts compare without port and without case.
    private static func host(_ authority: String?) -> String {
        guard let authority else { return "" }
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end]).lowercased()
        }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }
}

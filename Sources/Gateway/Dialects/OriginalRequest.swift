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

    /// Reads what the dialect's own headers say; no header of another dialect is looked at.
    ///
    /// - Throws: `path_ambiguous` for a path that is not UTF-8, which could not be told once it is text.
    public init(_ request: Request, dialect: Dialect) throws(Problem) {
        let fields = dialect.fields
        host = request.field(fields.host ?? .host)
        if dialect == .envoy {
            let path = request.path.dropFirst("/authorize/envoy".utf8.count)
            method = request.method.name
            target = path.isEmpty ? "/" : String(path)
        } else {
            method = fields.method.flatMap(request.field)
            target = try Self.target(request, fields.target)
        }
    }

    private static func target(_ request: Request, _ name: FieldName?) throws(Problem) -> String? {
        guard let name, let found = request.withField(name, text) else { return nil }
        guard let text = found else {
            throw Problem(.pathAmbiguous, "The path could be read in two ways: it is not UTF-8.")
        }
        return text
    }

    private static func text(_ bytes: Span<UInt8>) -> String? {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            return nil
        }
    }
}

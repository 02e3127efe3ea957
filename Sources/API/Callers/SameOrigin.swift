public import Base
public import HTTP

/// Refuses what pages of other sites make a browser do with its cookies (cross-site request forgery).
///
/// Browsers say where a changing request comes from (`Origin`, the Fetch standard §3.1); a token in a header was put
/// there by who has it, so only tokens out of cookies are in question.
public struct SameOrigin: Sendable {
    private let origins: Set<String>

    /// Lets pages of the given origins through besides those of the host that is asked.
    public init(_ origins: [String]) {
        self.origins = Set(origins)
    }

    /// - Throws: 403 `forbidden` for a change that comes with a cookie from a page of another origin.
    public func check(_ request: Request) throws(Problem) {
        guard request.method != .get, request.method != .head, request.count(.authorization) == 0 else { return }
        guard request.count(.origin) > 0, let origin = request.field(.origin) else { return }
        if request.count(.origin) == 1, origins.contains(origin) || Self.host(of: origin) == request.field(.host) {
            return
        }
        throw Problem(
            .forbidden,
            "A page of another origin sent this with your cookie; an operator may add it to CORS_ORIGINS.")
    }

    private static func host(of origin: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: origin.hasPrefix) else { return nil }
        return String(origin.dropFirst(scheme.count))
    }
}

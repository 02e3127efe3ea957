public import Base
public import HTTP

/// Refuses what pages of other sites make a browser do with its cookies (cross-site request forgery).
///
/// Browsers say where a changing request comes from (`Origin`, the Fetch standard §3.1); a token in a header was put
/// there by who has it, so only tokens out of cookies are in question.
public struct SameOrigin: Sendable {
    private let origins: Set<String>
    private let scheme: String

    /// Lets pages of the service's own origin through, under whichever host it is asked, and those of the others.
    ///
    /// - Parameters:
    ///   - publicURL: where browsers reach the service. Its scheme is the service's: a page that came over plain HTTP is
    ///     of another origin than one under TLS, whatever its host, and anybody on the way can have written it.
    ///   - others: further origins.
    public init(publicURL: String, others: [String] = []) {
        origins = Set(others + [publicURL])
        scheme = publicURL.hasPrefix("https://") ? "https://" : "http://"
    }

    /// - Throws: 403 `forbidden` for a change that comes with a cookie from a page of another origin.
    public func check(_ request: Request) throws(Problem) {
        guard request.method != .get, request.method != .head, request.count(.authorization) == 0 else { return }
        guard request.count(.origin) > 0, let origin = request.field(.origin) else { return }
        if request.count(.origin) == 1, origins.contains(origin) || isOwn(origin, host: request.field(.host)) {
            return
        }
        throw Problem(
            .forbidden,
            "A page of another origin sent this with your cookie; an operator may add it to CORS_ORIGINS, "
                + "or set VESTIBULE_PUBLIC_URL where the page is the service's own.")
    }

    private func isOwn(_ origin: String, host: String?) -> Bool {
        guard let host else { return false }
        return origin == scheme + host
    }
}

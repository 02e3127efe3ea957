public import Base
public import HTTP

/// Refuses what pages of other sites make a browser do with its cookies (cross-site request forgery).
///
/// Browsers say where a changing request comes from (`Origin`, the Fetch standard §3.1); a token in a header was put
/// there by who has it, so only tokens out of cookies are in question.
public struct SameOrigin: Sendable {
    private let origins: Set<String>
    private let schemes: [String]
    private static let fetchSite = FieldName("Sec-Fetch-Site")

    /// Lets pages of the given origins through besides those of the host that is asked.
    ///
    /// - Parameter publicURL: where browsers reach the service; where that is https, a page of the same host that came
    ///   over plain HTTP is another origin, which anybody on the way may have written.
    public init(_ origins: [String], publicURL: String) {
        self.origins = Set(origins + [publicURL])
        schemes = publicURL.hasPrefix("https://") ? ["https://"] : ["https://", "http://"]
    }

    /// - Throws: 403 `forbidden` for a change that comes with a cookie from a page of another origin.
    public func check(_ request: Request) throws(Problem) {
        guard request.method != .get, request.method != .head, request.count(.authorization) == 0 else { return }
        if request.count(.origin) == 0 {
            // Browsers name the origin of each change. One that is kept from it still says how near the page was.
            if request.fields(Self.fetchSite).allSatisfy({ $0 == "same-origin" || $0 == "none" }) { return }
        } else if request.count(.origin) == 1, let origin = request.field(.origin) {
            if origins.contains(origin) || isHost(request.field(.host), of: origin) { return }
        }
        throw Problem(
            .forbidden,
            "A page of another origin sent this with your cookie; an operator may add it to CORS_ORIGINS, "
                + "or set VESTIBULE_PUBLIC_URL where the page is the service's own.")
    }

    private func isHost(_ host: String?, of origin: String) -> Bool {
        guard let host, let scheme = schemes.first(where: origin.hasPrefix) else { return false }
        return origin.dropFirst(scheme.count) == host
    }
}

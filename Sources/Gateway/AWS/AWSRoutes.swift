public import HTTP
internal import Base

/// `POST /authorize/aws`. One per loop.
public final class AWSRoutes {
    private let authorizer: AWSAuthorizer
    private let proxies: TrustedProxies

    /// Puts the route together.
    public init(authorizer: AWSAuthorizer, proxies: TrustedProxies) {
        self.authorizer = authorizer
        self.proxies = proxies
    }

    /// The routes of this dialect.
    public var routes: [Route] {
        [Route(.post, "/authorize/aws") { [self] request in try await answer(request) }.described(.authorizeAWS)]
    }

    private func answer(_ request: Request) async throws(Problem) -> Response {
        try proxies.require(request.peer)
        switch await authorizer.decide(request.body, requestID: request.id) {
        case .decided(let document): return Response(status: 200, json: document)
        case .unauthorized(let problem, _), .failed(let problem):
            return Response(problem: problem, requestID: request.id)
        }
    }
}

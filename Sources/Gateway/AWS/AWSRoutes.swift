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
        [
            Route(.post, "/authorize/aws", now: answerNow) { [self] request in
                response(await authorizer.decide(request.body, requestID: request.id), request)
            }.described(.authorizeAWS)
        ]
    }

    private func answerNow(_ request: Request) throws(Problem) -> Response? {
        try proxies.require(request.peer)
        return authorizer.decideNow(request.body, requestID: request.id).map { response($0, request) }
    }

    private func response(_ answer: AWSAnswer, _ request: Request) -> Response {
        switch answer {
        case .decided(let document): Response(status: 200, json: document)
        case .unauthorized(let problem, _), .failed(let problem): Response(problem: problem, requestID: request.id)
        }
    }
}

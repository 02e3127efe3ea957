public import Accounts
public import Base
public import HTTP

/// Why somebody is let through, or is not: every check with its verdict, as `vestibule explain` tells it.
public final class ExplainRoutes {
    private let actors: Actors
    private let explanations: any Explanations

    /// Puts the routes together.
    public init(actors: Actors, explanations: any Explanations) {
        self.actors = actors
        self.explanations = explanations
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [Route(.post, "/admin/explain") { try await self.explain($0) }.described(ConsoleOperations.explain)]
    }

    private func explain(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        var body = try Body(request)
        let token = body.text("token", max: 16_384)
        let user = body.id("user_id")
        if (token == nil) == (user == nil) { body.complain("token", "must be given, or user_id, but not both") }
        let method = body.text("method", max: 32)
        let path = body.text("path", max: 8192)
        if (method == nil) != (path == nil) { body.complain("path", "must be given together with method, or neither") }
        let route = QuestionedRoute(
            method: method, host: body.text("host", max: 255), path: path, orgID: body.text("org_id", max: 36))
        try body.finish()
        let json: [UInt8] =
            if let token { await explanations.explain(token: Secret(token), route) } else if let user {
                try await explanations.explain(user: user, actor.caller, route)
            } else { [] }
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.member("success", true)
                writer.member("data", json: json)
            })
    }
}

/// Explains decisions. One a loop.
public protocol Explanations: AnyObject {
    /// Goes through what would be done with a token; JSON.
    func explain(token: Secret, _ route: QuestionedRoute) async -> [UInt8]
    /// Goes through what the route's rule says to a user who has just signed in with every factor; JSON.
    ///
    /// - Throws: 404 when there is no such user.
    func explain(user: EntityID, _ caller: Caller, _ route: QuestionedRoute) async throws(Problem) -> [UInt8]
}

/// The request that is asked about; without method and path, any that needs a token and no more.
public struct QuestionedRoute: Sendable {
    /// The method.
    public let method: String?
    /// The host, with or without port.
    public let host: String?
    /// Path and query.
    public let path: String?
    /// The value of `X-Org-Id`.
    public let orgID: String?

    /// Describes a request.
    public init(method: String? = nil, host: String? = nil, path: String? = nil, orgID: String? = nil) {
        self.method = method
        self.host = host
        self.path = path
        self.orgID = orgID
    }
}

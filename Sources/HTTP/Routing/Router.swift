public import Base

/// Finds the route of a request and turns what it throws into an answer.
///
/// A path that no route has is 404, a method that the path's routes lack 405 with `Allow`; OPTIONS is answered and
/// HEAD is answered by GET's route. A path equal to a template without parameters goes before all others.
public final class Router: Handler {
    private var fixed = StaticPaths()
    private let tree = PathTree()
    private let decorate: ((Request, inout Response) -> Void)?
    private let express: ((Problem, Request) -> Response?)?

    /// Makes the table of routes.
    ///
    /// - Parameters:
    ///   - decorate: called with every response, as for CORS; must be quick.
    ///   - express: the answer to a problem where paths have error bodies of their own; nil for the usual one.
    /// - Throws: ``RouteConflict`` when two routes take the same requests.
    public init(
        _ routes: [Route], decorate: ((Request, inout Response) -> Void)? = nil,
        express: ((Problem, Request) -> Response?)? = nil
    ) throws(RouteConflict) {
        self.decorate = decorate
        self.express = express
        for route in routes {
            let template = try PathTemplate(route.template)
            let endpoint = template.names.isEmpty ? fixed.insert(template.text) : try tree.insert(template)
            try endpoint.add(route)
        }
    }

    /// The answer of the route's `now`, or of the router itself; nil when the route wants a task.
    public func answerNow(_ request: Request) -> Response? {
        do {
            guard let target = try select(request) else { return decorated(optionsAnswer(request), request) }
            request.notes.target = target
            guard let now = target.route.now, let response = try now(request) else { return nil }
            return decorated(response, request)
        } catch {
            return decorated(failure(error, request), request)
        }
    }

    /// The answer of the route that ``answerNow(_:)`` has found.
    public func answer(_ request: Request) async -> Response {
        do {
            guard let target = try request.notes.target ?? select(request) else {
                return decorated(optionsAnswer(request), request)
            }
            return decorated(try await target.route.later(request), request)
        } catch {
            return decorated(failure(error, request), request)
        }
    }

    @inline(__always) private func decorated(_ response: Response, _ request: Request) -> Response {
        guard let decorate else { return response }
        var response = response
        decorate(request, &response)
        return response
    }

    /// The target; nil when the router answers OPTIONS itself.
    private func select(_ request: Request) throws -> RouteTarget? {
        guard let endpoint = find(request) else {
            if case .options = request.method, request.withPath({ $0.spells("*") }) { return nil }
            throw Problem(.notFound, "There is nothing at this path.")
        }
        request.notes.route = endpoint.template
        if let target = endpoint.target(request.method) {
            if !endpoint.names.isEmpty { try checkParameters(request) }
            return target
        }
        request.notes.allow = endpoint.allow
        if request.method == .options { return nil }
        throw Problem(.methodNotAllowed, "This path does not take the method \(request.method.name).")
    }

    @inline(__always) private func find(_ request: Request) -> Endpoint? {
        if let found = request.withPath({ path in fixed.find(path) }) { return found }
        var values = request.takeParameterRanges()
        let found = request.withPath { path in
            path.count > 0 && path[0] == 47 ? tree.find(path, from: 1, &values) : nil
        }
        request.setParameters(names: found?.names ?? [], values)
        return found
    }

    /// A segment that does not decode to text is no value of anything.
    private func checkParameters(_ request: Request) throws {
        for (index, name) in request.notes.parameterNames.enumerated() where !name.hasSuffix("...") {
            let isSound = request.withParameter(index) { PercentEncoding.decode($0) != nil }
            if !isSound { throw Problem(.badRequest, "The path's \(name) is not valid percent-encoded text.") }
        }
    }

    private func optionsAnswer(_ request: Request) -> Response {
        let all = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
        return Response(status: 204, fields: [(.allow, request.notes.allow ?? all)])
    }

    private func failure(_ error: any Error, _ request: Request) -> Response {
        guard let problem = error as? Problem else {
            // A description written by hand is meant for the log; one made by reflection could hold a secret.
            let words = (error as? any CustomStringConvertible)?.description ?? "no description"
            request.notes.failure = "\(type(of: error)): \(words)"
            return answer(to: Problem(.internalError, "The service failed to answer."), request)
        }
        if problem.status >= 500 { request.notes.failure = problem.cause ?? problem.message }
        var response = answer(to: problem, request)
        if problem.code == .methodNotAllowed, let allow = request.notes.allow {
            response.fields.append((.allow, allow))
        }
        return response
    }

    private func answer(to problem: Problem, _ request: Request) -> Response {
        express?(problem, request) ?? Response(problem: problem, requestID: request.id)
    }
}

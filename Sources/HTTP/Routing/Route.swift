/// A method and a path template with what answers them.
public struct Route {
    /// The method; nil for any but TRACE and CONNECT.
    public let method: Method?
    /// The template: `/orgs/{org_id}/members` takes one segment for a name in braces, `/docs/{rest...}` all that is
    /// left (which may be empty), the rest as it stands.
    public let template: String
    /// What API documents say of it; nil where nobody has said anything.
    public private(set) var operation: Operation?
    /// The template of the route that this is another name of.
    public private(set) var canonical: String?

    let now: ((Request) throws -> Response?)?
    let later: (Request) async throws -> Response

    /// A route. `now` is asked first and may give nil; `later` is then run as a task on the loop. Either may throw a
    /// `Problem`, which becomes the answer; anything else is answered as `internal_error` and logged.
    public init(
        _ method: Method?, _ template: String, now: ((Request) throws -> Response?)? = nil,
        _ later: @escaping (Request) async throws -> Response
    ) {
        self.method = method
        self.template = template
        self.now = now
        self.later = later
    }

    /// The same route with what API documents say of it.
    public func described(_ operation: Operation) -> Route {
        var route = self
        route.operation = operation
        return route
    }

    /// The same route as another name of the given template.
    public func alias(of canonical: String) -> Route {
        var route = self
        route.canonical = canonical
        return route
    }

    /// A route that is always answered from memory.
    public static func immediate(
        _ method: Method?, _ template: String, _ now: @escaping (Request) throws -> Response
    ) -> Route {
        Route(method, template, now: now) { request in try now(request) }
    }
}

/// Two routes that take the same requests, or a template that is none; stops the start.
public struct RouteConflict: Error, Sendable, CustomStringConvertible {
    /// What is wrong and with which template.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

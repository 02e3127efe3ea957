/// All routes of one path template.
final class Endpoint {
    let template: String
    let names: [String]
    private var routes: [Method: RouteTarget] = [:]
    private var any: RouteTarget?
    private(set) var get: RouteTarget?
    /// The value of `Allow` (RFC 9110 section 10.2.1).
    private(set) var allow = ""

    init(template: String, names: [String]) {
        self.template = template
        self.names = names
    }

    func add(_ route: Route) throws(RouteConflict) {
        let target = RouteTarget(route)
        if let method = route.method {
            guard routes.updateValue(target, forKey: method) == nil else {
                throw RouteConflict("two routes for \(method.name) \(template)")
            }
            if method == .get { get = target }
        } else {
            guard any == nil else { throw RouteConflict("two routes for any method of \(template)") }
            any = target
        }
        var methods = Set(routes.keys.map(\.name))
        methods.insert("OPTIONS")
        if get != nil { methods.insert("HEAD") }
        if any != nil { methods.formUnion(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) }
        allow = methods.sorted().joined(separator: ", ")
    }

    /// The route for the method. HEAD is answered by GET's; TRACE and CONNECT by none (RFC 9110 section 9.3.8 would
    /// have TRACE echo credentials).
    @inline(__always) func target(_ method: Method) -> RouteTarget? {
        switch method {
        case .get: return get ?? any
        case .other("TRACE"), .other("CONNECT"): return nil
        case .head: return routes[.head] ?? get ?? any
        default: return routes[method] ?? any
        }
    }
}

/// A route as the router and the server hold it while a request is on its way.
final class RouteTarget {
    let route: Route
    let template: String
    /// The route's counters; kept here by the server, so that they are found without a look-up.
    var counters: RouteCounters?

    init(_ route: Route) {
        self.route = route
        template = route.template
    }
}

/// The templates with parameters, by segment. A literal segment goes before a parameter, a parameter before the rest.
final class PathTree {
    private var literals: [(segment: [UInt8], node: PathTree)] = []
    private var parameter: PathTree?
    private var endpoint: Endpoint?
    private var rest: Endpoint?

    /// The endpoint of the template, made when it is new.
    func insert(_ template: PathTemplate) throws(RouteConflict) -> Endpoint {
        var node = self
        for segment in template.segments {
            switch segment {
            case .literal(let text): node = node.literal(Array(text.utf8))
            case .parameter: node = node.parameterNode()
            case .rest:
                let found = node.rest ?? Endpoint(template: template.text, names: template.names)
                node.rest = found
                return try Self.same(found, template)
            }
        }
        let found = node.endpoint ?? Endpoint(template: template.text, names: template.names)
        node.endpoint = found
        return try Self.same(found, template)
    }

    private static func same(_ endpoint: Endpoint, _ template: PathTemplate) throws(RouteConflict) -> Endpoint {
        guard endpoint.template == template.text else {
            throw RouteConflict("\(endpoint.template) and \(template.text) are one path with two spellings")
        }
        return endpoint
    }

    private func literal(_ segment: [UInt8]) -> PathTree {
        if let found = literals.first(where: { $0.segment == segment }) { return found.node }
        let node = PathTree()
        literals.append((segment, node))
        return node
    }

    private func parameterNode() -> PathTree {
        let node = parameter ?? PathTree()
        parameter = node
        return node
    }

    /// Finds the endpoint for the path's segments from `start` on; fills `values` with where the parameters stand.
    func find(_ path: Span<UInt8>, from start: Int, _ values: inout [Range<Int>]) -> Endpoint? {
        var end = start
        while end < path.count, path[end] != 47 { end += 1 }
        let isLast = end == path.count
        let segment = path.extracting(start..<end)
        for literal in literals where literal.segment.span.equals(segment) {
            if let found = literal.node.step(path, end, isLast, &values) { return found }
        }
        if let parameter, start < end {
            values.append(start..<end)
            if let found = parameter.step(path, end, isLast, &values) { return found }
            values.removeLast()
        }
        guard let rest else { return nil }
        values.append(start..<path.count)
        return rest
    }

    private func step(_ path: Span<UInt8>, _ end: Int, _ isLast: Bool, _ values: inout [Range<Int>]) -> Endpoint? {
        isLast ? endpoint : find(path, from: end + 1, &values)
    }
}

internal import Base

/// One path of the document with all that can be done there.
struct DescribedPath {
    struct Entry {
        /// The method in lower case.
        let method: String
        let operation: Operation
        /// Whether it is the first method of the operation: others have the method's name behind the operation's id.
        let isFirst: Bool
    }

    /// The template as OpenAPI writes it: without the dots of a rest.
    let path: String
    private let names: [String]
    private(set) var operations: [Entry] = []
    private(set) var aliases: [String] = []

    /// Header fields that answers may always have, and what they say.
    static let headers: [(name: String, note: String)] = [
        ("X-Request-Id", "The id under which the log knows the request."),
        ("ETag", "The state of the resource, for `If-Match` and `If-None-Match`."),
        ("Retry-After", "Seconds after which a retry may help."),
        ("WWW-Authenticate", "What credential is wanted (RFC 6750)."),
    ]

    /// The described paths of a table of routes, in its order.
    static func all(_ routes: [Route]) -> [DescribedPath] {
        var paths: [DescribedPath] = []
        var places: [String: Int] = [:]
        for route in routes where route.operation != nil {
            let place = places[route.template] ?? paths.count
            if place == paths.count { paths.append(DescribedPath(route.template)) }
            places[route.template] = place
            paths[place].add(route)
        }
        for route in routes {
            guard let canonical = route.canonical, let place = places[canonical] else { continue }
            paths[place].add(alias: route.template)
        }
        return paths
    }

    private init(_ template: String) {
        path = template.replacing("...}", with: "}")
        names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    private mutating func add(_ route: Route) {
        guard let operation = route.operation else { return }
        // TRACE and CONNECT aside, a route of any method takes these, and OPTIONS.
        let methods = route.method.map { [$0.name.lowercased()] } ?? ["get", "post", "put", "patch", "delete"]
        for (index, method) in methods.enumerated() {
            operations.append(Entry(method: method, operation: operation, isFirst: index == 0))
        }
    }

    private mutating func add(alias template: String) {
        if !aliases.contains(template) { aliases.append(template) }
    }

    /// Writes the path as a member.
    func write(to writer: inout JSONWriter) {
        writer.object(path) { writer in
            if !aliases.isEmpty { writer.member("x-aliases", aliases) }
            for entry in operations { writer.object(entry.method) { write(entry, to: &$0) } }
        }
    }

    private func write(_ entry: Entry, to writer: inout JSONWriter) {
        let operation = entry.operation
        writer.member("operationId", operation.id + (entry.isFirst ? "" : "_\(entry.method)"))
        writer.member("tags", [operation.tag])
        writer.member("summary", operation.summary)
        writer.memberIfPresent("description", operation.notes)
        let parameters = parameters(of: operation)
        if !parameters.isEmpty { writer.array("parameters", of: parameters) { $1.write(to: &$0) } }
        if let body = operation.body {
            writer.object("requestBody") { writer in
                writer.member("required", body.isRequired)
                writer.object("content") { $0.object(body.mediaType) { body.schema.write("schema", to: &$0) } }
            }
        }
        writer.object("responses") { writer in
            for answer in operation.answers { answer.write(to: &writer) }
            for status in Refusals.statuses(operation, hasPathParameters: !names.isEmpty) {
                Operation.Answer(refusal: status).write(to: &writer)
            }
        }
        writer.key("security")
        writer.beginArray()
        if operation.access != .anyone {
            writer.object { writer in writer.member(operation.access.rawValue, [String]()) }
        }
        writer.endArray()
    }

    /// Those of the path first; an id where nothing else is said.
    func parameters(of operation: Operation) -> [Parameter] {
        let said = operation.parameters
        let path = names.map { name in
            said.first { $0.place == .path && $0.name == name } ?? Parameter(.path, name, .uuid)
        }
        return path + said.filter { $0.place != .path }
    }
}

extension Parameter {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("in", place.rawValue)
        writer.member("required", isRequired)
        writer.memberIfPresent("description", note)
        schema.write("schema", to: &writer)
    }
}

extension Operation.Answer {
    /// The answer of a refusal.
    fileprivate init(refusal status: Int) {
        let headers = status == 401 ? ["WWW-Authenticate"] : status == 429 || status == 503 ? ["Retry-After"] : []
        self.init(status, Refusals.meaning(status), Refusals.schema, headers: headers)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object(String(status)) { writer in
            writer.member("description", meaning)
            writer.object("headers") { writer in
                for name in ["X-Request-Id"] + headers { Self.reference(name, to: &writer) }
            }
            guard let mediaType else { return }
            writer.object("content") { writer in
                writer.object(mediaType) { writer in
                    if let schema { schema.write("schema", to: &writer) }
                }
                for other in otherMediaTypes { writer.object(other) { _ in } }
            }
        }
    }

    private static func reference(_ name: String, to writer: inout JSONWriter) {
        writer.object(name) { writer in
            if DescribedPath.headers.contains(where: { $0.name == name }) {
                writer.member("$ref", "#/components/headers/\(name)")
            } else {
                writer.member("required", true)
                writer.object("schema") { $0.member("type", "string") }
            }
        }
    }
}

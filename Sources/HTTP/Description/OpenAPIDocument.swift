internal import Base

/// The routes of a service as an OpenAPI 3.1 document. A route that nobody has described stands under `x-undescribed`,
/// another name of a route under its `x-aliases`.
public struct OpenAPIDocument {
    /// The name of the service.
    public let title: String
    /// The version of the service.
    public let version: String
    /// What there is to know of all operations, as plain paragraphs.
    public let introduction: [String]
    let paths: [DescribedPath]
    let undescribed: [String]

    /// Takes a table of routes.
    public init(title: String, version: String, introduction: [String], routes: [Route]) {
        self.title = title
        self.version = version
        self.introduction = introduction
        paths = DescribedPath.all(routes)
        undescribed = routes.filter { $0.operation == nil && $0.canonical == nil }.map { route in
            "\(route.method?.name ?? "ANY") \(route.template)"
        }
    }

    /// The document as JSON.
    public func json() -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("openapi", "3.1.0")
            writer.object("info") { writer in
                writer.member("title", title)
                writer.member("version", version)
                writer.member("description", introduction.joined(separator: "\n\n"))
            }
            writer.array("tags", of: tags) { $0.member("name", $1) }
            writer.object("paths") { writer in
                for path in paths { path.write(to: &writer) }
            }
            writer.object("components") { writer in
                writer.object("schemas", writeSchemas)
                writer.object("securitySchemes", Self.writeSecurity)
                writer.object("headers", Self.writeHeaders)
            }
            if !undescribed.isEmpty { writer.member("x-undescribed", undescribed) }
        }
    }

    /// The headings, in the order in which they come first.
    var tags: [String] {
        var tags: [String] = []
        for tag in paths.flatMap(\.operations).map(\.operation.tag) where !tags.contains(tag) { tags.append(tag) }
        return tags
    }

    private func writeSchemas(_ writer: inout JSONWriter) {
        let operations = paths.flatMap(\.operations).map(\.operation)
        let used = [Refusals.schema] + operations.flatMap(\.schemas)
        var written: Set<String> = []
        for (name, schema) in used.flatMap(\.components) where written.insert(name).inserted {
            schema.write(name, to: &writer)
        }
    }

    private static func writeSecurity(_ writer: inout JSONWriter) {
        for access in Operation.Access.allCases where access != .anyone {
            writer.object(access.rawValue) { writer in
                if access == .apiKey {
                    writer.member("type", "apiKey")
                    writer.member("in", "header")
                    writer.member("name", "X-API-Key")
                } else {
                    writer.member("type", "http")
                    writer.member("scheme", "bearer")
                    if access == .bearer { writer.member("bearerFormat", "JWT") }
                }
            }
        }
    }

    private static func writeHeaders(_ writer: inout JSONWriter) {
        for (name, note) in DescribedPath.headers {
            writer.object(name) { writer in
                writer.member("description", note)
                writer.member("required", true)
                writer.object("schema") { $0.member("type", "string") }
            }
        }
    }
}

extension Operation {
    /// The forms that it mentions.
    var schemas: [Schema] {
        parameters.map(\.schema) + [body?.schema].compactMap { $0 } + answers.compactMap(\.schema)
    }
}

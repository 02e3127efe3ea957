internal import HTTP

/// What API documents say of SCIM's routes: what can be asked where. The forms of its resources are those of RFC 7643,
/// which `/scim/v2/Schemas` gives.
enum SCIMOperations {
    static func list(_ resource: String) -> Operation {
        operation(
            "listScim\(resource)s", "The \(resource.lowercased())s of an org's directory",
            parameters: [
                .query("filter", .text), .query("sortBy", .text), .query("sortOrder", .text),
                .query("startIndex", .text), .query("count", .text), .query("attributes", .text),
                .query("excludedAttributes", .text),
            ])
    }

    static func search(_ resource: String) -> Operation {
        operation("searchScim\(resource)s", "The same, asked in a body", hasBody: true)
    }

    static func create(_ resource: String) -> Operation {
        operation(
            "createScim\(resource)", "Make a \(resource.lowercased())", hasBody: true, status: 201, refusals: [409])
    }

    static func get(_ resource: String) -> Operation {
        operation("getScim\(resource)", "A \(resource.lowercased())", mayBeUnmodified: true)
    }

    static func replace(_ resource: String) -> Operation {
        operation("replaceScim\(resource)", "Replace a \(resource.lowercased())", hasBody: true, refusals: [409, 412])
    }

    static func patch(_ resource: String) -> Operation {
        operation(
            "patchScim\(resource)", "Change parts of a \(resource.lowercased())", hasBody: true, refusals: [409, 412])
    }

    static func delete(_ resource: String) -> Operation {
        operation("deleteScim\(resource)", "Remove a \(resource.lowercased())", status: 204, refusals: [409, 412])
    }

    /// A page that describes the service to its clients.
    static func page(_ path: String) -> Operation {
        let name = path.split(separator: "/").map { $0 == "{id}" ? "One" : String($0) }.joined()
        return operation(
            "getScim\(name)", "What SCIM clients ask first",
            parameters: path.contains("{") ? [Parameter(.path, "id", .text)] : [])
    }

    private static func operation(
        _ id: String, _ summary: String, parameters: [Parameter] = [], hasBody: Bool = false, status: Int = 200,
        mayBeUnmodified: Bool = false, refusals: [Int] = []
    ) -> Operation {
        let answer =
            status == 204
            ? Operation.Answer(204, "It is gone.")
            : Operation.Answer(status, "Done.", .anyObject, mediaType: mediaType)
        return Operation(
            id, tag: "SCIM", summary, access: .bearerKey, parameters: parameters,
            body: hasBody ? .document(.anyObject, mediaType: mediaType) : nil,
            answers: [answer] + (mayBeUnmodified ? [Operation.Answer(304, "The client has this state already.")] : []),
            refusals: refusals, refusalForm: Operation.RefusalForm(problem, mediaType: mediaType))
    }

    private static let mediaType = "application/scim+json"
    private static let problem = Schema.component(
        "ScimError",
        .object([
            Property("schemas", .array(.text)), Property("status", .text), .optional("scimType", .text),
            Property("detail", .text),
        ]))
}

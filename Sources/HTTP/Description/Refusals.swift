/// What every operation may be refused with, as its description implies.
enum Refusals {
    /// The statuses of an operation's refusals, in their order.
    static func statuses(_ operation: Operation, hasPathParameters: Bool) -> [Int] {
        var all: Set<Int> = [429, 503]
        if operation.access != .anyone { all.formUnion([400, 401, 403]) }
        if hasPathParameters { all.formUnion([400, 404]) }
        if !operation.parameters.isEmpty { all.insert(400) }
        if operation.body != nil { all.formUnion([400, 413, 415]) }
        all.formUnion(operation.refusals)
        return all.subtracting(operation.answers.map(\.status)).sorted()
    }

    /// What a status means.
    static func meaning(_ status: Int) -> String {
        switch status {
        case 400: "The request is not as it should be; `details` names the fields."
        case 401: "There is no credential, or none that is good."
        case 403: "The caller may not do this."
        case 404: "There is nothing here, or nothing that the caller may see."
        case 409: "It does not go with how things are."
        case 412: "`If-Match` names an older state."
        case 413: "The body is too large."
        case 415: "The body's media type is not taken."
        case 429: "Too many requests; `Retry-After` says when to come back."
        case 503: "Something that the service needs is away; `Retry-After` says when to come back."
        default: "The service failed."
        }
    }

    /// The body of every refusal.
    static let schema = Schema.component(
        "Problem",
        .object([
            Property("success", .bool, "Always false."),
            Property("error", .text, "A sentence for a person."),
            Property("code", .text, "A word for a program; it never changes its meaning."),
            Property("request_id", .text, "The id under which the log knows the request."),
            .optional(
                "details",
                .array(
                    .object([
                        Property("field", .text, "The field's name."),
                        Property("problem", .text, "What is wrong with it, and how to mend it."),
                    ]))),
        ]))
}

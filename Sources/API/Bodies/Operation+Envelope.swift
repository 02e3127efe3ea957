internal import Accounts
internal import HTTP

extension Operation.Answer {
    /// `{"success": true, "data": …}`.
    static func data(_ schema: Schema, _ meaning: String = "Done.", status: Int = 200) -> Operation.Answer {
        Operation.Answer(status, meaning, .envelope(schema))
    }

    /// The same with an entity tag.
    static func tagged(_ schema: Schema, _ meaning: String = "Done.", status: Int = 200) -> Operation.Answer {
        Operation.Answer(status, meaning, .envelope(schema), headers: ["ETag"])
    }

    /// The answer to an `If-None-Match` that names the present state.
    static let notModified = Operation.Answer(304, "The client has this state already.", headers: ["ETag"])

    /// A part of a list.
    static func list(_ element: Schema) -> Operation.Answer {
        Operation.Answer(
            200, "A part of the list.",
            .object([
                Property("success", .bool), Property("data", .array(element)), Property("page", .page),
            ]))
    }

    /// A part of a list, as JSON in the envelope or as NDJSON.
    static func log(_ element: Schema) -> Operation.Answer {
        var answer = list(element)
        answer.otherMediaTypes = ["application/x-ndjson"]
        return answer
    }

    /// The id of what was deleted.
    static let deleted = data(.object([Property("id", .uuid)]), "It is gone.")
}

extension Schema {
    /// The envelope of every answer but lists.
    static func envelope(_ data: Schema) -> Schema {
        .object([Property("success", .bool), Property("data", data)])
    }

    fileprivate static let page = component(
        "Page",
        .object([
            Property("limit", .integer(1...10_000)), Property("offset", .integer(0...Int64(Int32.max))),
            Property("has_more", .bool, "Whether more follow."),
        ]))

    /// A text that a body carries, of at most so many characters.
    static func text(max limit: Int) -> Schema { text(0...limit) }
}

extension Parameter {
    /// For GET: 304 where the client has the state already.
    static let ifNoneMatch = header("If-None-Match", .text, "Entity tags that the client has, or `*`.")
    /// For PUT: 412 where the state has changed meanwhile.
    static let ifMatch = header(
        "If-Match", .string(length: nil, format: nil, pattern: "^(\\*|\"[0-9TZ:.;a-f-]+\")$"),
        "The entity tag that was read, or `*`.")
    /// For POST: the same key, the same answer, for a day.
    static let idempotencyKey = header(
        "Idempotency-Key", .text(1...255, pattern: "^[!-~]([ -~]*[!-~])?$"),
        "Any text of the client's own; the request is done once, however often it is sent with the same one.")
}

extension [Parameter] {
    /// Which part of a list is wanted.
    static let page: [Parameter] = [
        .query(
            "limit", .integer(1...Int64(Page.maximumLimit)), "How many; \(Page.standard.limit) where nothing is said."),
        .query("offset", .integer(0...Int64(Int32.max)), "How many to pass over."),
    ]
}

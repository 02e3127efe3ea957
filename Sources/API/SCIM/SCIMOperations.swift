internal import Accounts
internal import HTTP

/// What API documents say of the routes of SCIM. The forms are those of RFC 7643, which `/scim/v2/Schemas` tells in full.
enum SCIMOperations {
    private static let listUsers = make(
        "listScimUsers", "People of the org, as its directory sees them", parameters: question,
        answers: [list])
    private static let searchUsers = make(
        "searchScimUsers", "The same, asked in a body", body: search, answers: [list])
    private static let createUser = make(
        "createScimUser", "Bring a person into the org", body: user,
        answers: [
            Operation.Answer(
                201, "The person.", resource, mediaType: media, headers: ["ETag", "Location"])
        ], refusals: [409])
    private static let getUser = make(
        "getScimUser", "A person", parameters: shown + [ifNoneMatch], answers: [one, unchanged])
    private static let replaceUser = make(
        "replaceScimUser", "Say anew what is known of a person", parameters: shown + [ifMatch],
        body: user, answers: [one],
        refusals: [409, 412])
    private static let patchUser = make(
        "patchScimUser", "Change a person in part",
        notes: "`active: false` ends the membership everywhere at once.",
        parameters: shown + [ifMatch], body: patch, answers: [one], refusals: [409, 412])
    private static let deleteUser = make(
        "deleteScimUser", "Take a person out of the org", parameters: [ifMatch], answers: [gone],
        refusals: [409, 412])

    private static let listGroups = make(
        "listScimGroups", "Groups of the org", parameters: question, answers: [list])
    private static let searchGroups = make(
        "searchScimGroups", "The same, asked in a body", body: search, answers: [list])
    private static let createGroup = make(
        "createScimGroup", "Make a group", body: group,
        answers: [
            Operation.Answer(
                201, "The group.", resource, mediaType: media, headers: ["ETag", "Location"])
        ], refusals: [409])
    private static let getGroup = make(
        "getScimGroup", "A group", parameters: shown + [ifNoneMatch], answers: [one, unchanged])
    private static let replaceGroup = make(
        "replaceScimGroup", "Say anew what a group is", parameters: shown + [ifMatch], body: group,
        answers: [one],
        refusals: [409, 412])
    private static let patchGroup = make(
        "patchScimGroup", "Change a group in part", parameters: shown + [ifMatch], body: patch,
        answers: [one],
        refusals: [409, 412])
    private static let deleteGroup = make(
        "deleteScimGroup", "Delete a group", parameters: [ifMatch], answers: [gone],
        refusals: [409, 412])

    /// Of one type of resources.
    struct OfType {
        let list, search, create, get, replace, patch, delete: Operation
    }

    static let users = OfType(
        list: listUsers, search: searchUsers, create: createUser, get: getUser, replace: replaceUser, patch: patchUser,
        delete: deleteUser)
    static let groups = OfType(
        list: listGroups, search: searchGroups, create: createGroup, get: getGroup, replace: replaceGroup,
        patch: patchGroup, delete: deleteGroup)

    static let configuration = make(
        "getScimConfiguration", "What the service can do", answers: [page])
    static let listTypes = make("listScimResourceTypes", "The kinds of resources", answers: [page])
    static let getType = make(
        "getScimResourceType", "A kind of resource", parameters: [name], answers: [page])
    static let listSchemas = make("listScimSchemas", "The attributes of all kinds", answers: [page])
    static let getSchema = make(
        "getScimSchema", "The attributes of a kind", parameters: [name], answers: [page])
    static func missing(_ id: String) -> Operation {
        make(
            id, "Not supported",
            answers: [Operation.Answer(501, "It is not supported.", error, mediaType: media)])
    }

    private static func make(
        _ id: String, _ summary: String, notes: String? = nil, parameters: [Parameter] = [],
        body: Schema? = nil,
        answers: [Operation.Answer], refusals: [Int] = []
    ) -> Operation {
        let refused = [400, 401, 403, 404, 413, 415, 429, 503] + refusals
        return Operation(
            id, tag: "SCIM", summary, notes: notes, access: .bearerKey, parameters: parameters,
            body: body.map { .document($0, mediaType: media) },
            answers: answers
                + refused.sorted().map { status in
                    Operation.Answer(
                        status, "It can't be done; `detail` says why.", error, mediaType: media,
                        headers: status == 401
                            ? ["WWW-Authenticate"] : status == 429 || status == 503 ? ["Retry-After"] : [])
                })
    }

    private static let media = "application/scim+json"
    private static let resource = Schema.anyObject
    private static let one = Operation.Answer(
        200, "As it is now.", resource, mediaType: media, headers: ["ETag"])
    private static let page = Operation.Answer(200, "The document.", resource, mediaType: media)
    private static let unchanged = Operation.Answer(
        304, "It is as `If-None-Match` says.", headers: ["ETag"])
    private static let gone = Operation.Answer(204, "It is gone.")
    private static let list = Operation.Answer(
        200, "A part of the list.",
        .object([
            Property("schemas", .array(.text)), Property("totalResults", .integer(0...Int64.max)),
            Property("startIndex", .integer(1...Int64.max)),
            Property("itemsPerPage", .integer(0...Int64(SCIMQuery.maximumCount))),
            Property("Resources", .array(resource)),
        ]), mediaType: media)
    private static let error = Schema.component(
        "ScimError",
        .object([
            Property("schemas", .array(.text)), Property("status", .text),
            .optional(
                "scimType",
                .choice([
                    "invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath",
                    "noTarget",
                    "invalidValue",
                ])),
            Property("detail", .text, "A sentence for a person."),
        ]))

    private static let name = Parameter(.path, "id", .text)
    private static let ifMatch = Parameter.header("If-Match", .text, "The state that may be changed.")
    private static let ifNoneMatch = Parameter.header(
        "If-None-Match", .text, "The state that is known already.")
    private static let shown = [
        Parameter.query("attributes", .text, "What to show, and no more."),
        Parameter.query("excludedAttributes", .text, "What not to show."),
    ]
    private static let question =
        [
            Parameter.query("filter", .text, "RFC 7644 section 3.4.2.2."),
            Parameter.query("startIndex", .integer(.min ... .max), "The first one; less than 1 is 1."),
            Parameter.query(
                "count", .integer(.min ... .max),
                "0 to \(SCIMQuery.maximumCount), else the nearest of them; \(SCIMQuery.standardCount) where nothing is said."
            ),
            Parameter.query("sortBy", .text, "An attribute; else when they came."),
            Parameter.query("sortOrder", .choice(["ascending", "descending"])),
        ] + shown
    private static let search = Schema.anyObject
    private static let user = Schema.anyObject
    private static let group = Schema.anyObject
    private static let patch = Schema.anyObject
}

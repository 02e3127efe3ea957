internal import Accounts
internal import Base
internal import HTTP

extension Response {
    /// `{"success": true, "data": …}`, the data being the object whose members the closure writes.
    static func data(_ status: Int = 200, _ body: (inout JSONWriter) -> Void) -> Response {
        Response(
            status: status,
            json: JSONWriter.object { writer in
                writer.member("success", true)
                writer.object("data", body)
            })
    }
}

extension Response {
    /// What a deletion answers: the id of what was deleted.
    static func deleted(_ id: EntityID) -> Response {
        .data { $0.member("id", id) }
    }

    /// `{"success": true, "data": [ … ], "page": {"limit", "offset", "has_more"}}`; the closure writes the members of
    /// one element.
    static func list<Element>(
        _ listing: Listing<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) -> Response {
        Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.member("success", true)
                writer.array("data", of: listing.elements, body)
                writer.object("page") { writer in
                    writer.member("limit", listing.page.limit)
                    writer.member("offset", listing.page.offset)
                    writer.member("has_more", listing.hasMore)
                }
            })
    }
}

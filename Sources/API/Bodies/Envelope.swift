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

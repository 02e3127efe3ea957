internal import Accounts
internal import Base
internal import HTTP

/// A request of an org's directory.
struct SCIMRequest {
    /// The largest document, values in it.
    static let limits = JSONLimits.storable
    let http: Request
    let caller: SCIMCaller

    /// The id in the path.
    ///
    /// - Throws: 404 for what is no UUID: nothing can be there.
    var id: EntityID {
        get throws(SCIMError) {
            guard let id = http.parameters["id"].flatMap({ EntityID($0) }) else { throw SCIMError.notFound }
            return id
        }
    }

    /// Where a resource lies, as the client reached this one.
    func location(_ path: String) -> String {
        let isSecure = http.isTLS || http.field(.xForwardedProto)?.lowercased() == "https"
        return "\(isSecure ? "https" : "http")://\(http.field(.host) ?? "localhost")\(SCIMDoor.base)\(path)"
    }

    /// The document that was sent.
    ///
    /// - Throws: 415 for another media type; `invalidSyntax` for what is no JSON object.
    func body() throws(SCIMError) -> JSON {
        let type = http.field(.contentType)?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        guard type == "application/scim+json" || type == "application/json" else {
            throw SCIMError(415, nil, "The body must be sent as Content-Type: application/scim+json.")
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(http.body, limits: Self.limits)
        } catch {
            throw SCIMError.bad(.invalidSyntax, "The body \(error).")
        }
        guard json.kind == .object else { throw SCIMError.bad(.invalidSyntax, "The body must be a JSON object.") }
        return json
    }

    /// Refuses a change of something else than what the client has seen (RFC 7644 §3.14).
    func mustMatch(_ version: String) throws(SCIMError) {
        let wanted = http.fields(.ifMatch)
        guard wanted.isEmpty || SCIMVersion.matches(wanted, version) else { throw SCIMError.changed }
    }

    /// The answer with a resource; 304 where the client has this state already.
    func answer(_ status: Int = 200, _ resource: SCIMObject, version: String, location: String) -> Response {
        let known = http.fields(.ifNoneMatch)
        if http.method == .get || http.method == .head, !known.isEmpty, SCIMVersion.matches(known, version) {
            return Response(status: 304, fields: [(.etag, version)])
        }
        var response = Response.scim(status, JSONWriter.make { resource.write(to: &$0) })
        response.fields.append((.etag, version))
        if status == 201 { response.fields.append((.location, location)) }
        return response
    }
}

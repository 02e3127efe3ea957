internal import Accounts
internal import Base
public import HTTP

/// What the service can do, for clients that ask (RFC 7644 §4); and what it can't.
public final class SCIMDiscoveryRoutes {
    private let door: SCIMDoor

    /// Puts the routes together.
    public init(door: SCIMDoor) {
        self.door = door
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            door.route(.get, "/ServiceProviderConfig", SCIMOperations.configuration) {
                .scim(200, Self.configuration($0))
            },
            door.route(.get, "/ResourceTypes", SCIMOperations.listTypes) {
                try Self.all($0, SCIMResourceType.all) { $0.members(of: $1, $2) }
            },
            door.route(.get, "/ResourceTypes/{id}", SCIMOperations.getType) {
                try Self.one($0, SCIMResourceType.all, \.name) { $0.members(of: $1, $2) }
            },
            door.route(.get, "/Schemas", SCIMOperations.listSchemas) {
                try Self.all($0, SCIMSchema.all) { $0.members(of: $1, $2) }
            },
            door.route(.get, "/Schemas/{id}", SCIMOperations.getSchema) {
                try Self.one($0, SCIMSchema.all, \.id) { $0.members(of: $1, $2) }
            },
            missing(.post, "/Bulk", "scimBulk"), missing(.get, "/Me", "scimMe"),
            missing(.post, "/.search", "searchScim"),
        ]
    }

    private func missing(_ method: Method, _ path: String, _ name: String) -> Route {
        door.route(method, path, SCIMOperations.missing(name)) { _ in
            throw SCIMError(501, nil, "\(path) is not supported.")
        }
    }

    private static func all<Element>(
        _ request: SCIMRequest, _ elements: [Element], _ write: (inout JSONWriter, Element, SCIMRequest) -> Void
    ) throws -> Response {
        // RFC 7644 §4: filters of these are forbidden.
        guard request.http.query?.lowercased().contains("filter=") != true else {
            throw SCIMError(403, nil, "This list can't be filtered.")
        }
        return .scim(
            200,
            JSONWriter.object { writer in
                writer.member("schemas", ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
                writer.member("totalResults", elements.count)
                writer.member("startIndex", 1)
                writer.member("itemsPerPage", elements.count)
                writer.array("Resources", of: elements) { write(&$0, $1, request) }
            })
    }

    private static func one<Element>(
        _ request: SCIMRequest, _ elements: [Element], _ name: (Element) -> String,
        _ write: (inout JSONWriter, Element, SCIMRequest) -> Void
    ) throws -> Response {
        let wanted = request.http.parameters["id"]?.lowercased()
        guard let found = elements.first(where: { name($0).lowercased() == wanted }) else { throw SCIMError.notFound }
        return .scim(200, JSONWriter.object { write(&$0, found, request) })
    }

    /// RFC 7643 §5.
    private static func configuration(_ request: SCIMRequest) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("schemas", ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"])
            for (name, isSupported) in [("patch", true), ("changePassword", false), ("sort", true), ("etag", true)] {
                writer.object(name) { $0.member("supported", isSupported) }
            }
            writer.object("bulk") { writer in
                writer.member("supported", false)
                writer.member("maxOperations", 0)
                writer.member("maxPayloadSize", 0)
            }
            writer.object("filter") { writer in
                writer.member("supported", true)
                writer.member("maxResults", SCIMQuery.maximumCount)
            }
            writer.array("authenticationSchemes", of: ["oauthbearertoken"]) { writer, type in
                writer.member("type", type)
                writer.member("name", "API key")
                writer.member("description", "An API key of the organization's directory, as a bearer token.")
                writer.member("primary", true)
            }
            writer.object("meta") { writer in
                writer.member("resourceType", "ServiceProviderConfig")
                writer.member("location", request.location("/ServiceProviderConfig"))
            }
        }
    }
}

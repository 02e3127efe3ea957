internal import Base
internal import HTTP

/// The part of Clerk's Backend API that tells a user's e-mail.
extension DevelopmentProvider {
    var backendRoutes: [Route] {
        [
            .immediate(.get, "/clerk-api/v1/users/{id}") { [self] in backendUser($0) },
            .immediate(.get, "/healthz") { _ in Response(status: 200, text: "ok\n") },
        ]
    }

    private func backendUser(_ request: Request) -> Response {
        guard let key = request.field(.authorization), key.hasPrefix("Bearer sk_") else {
            return refusal(401, "clerk_key_invalid", "Invalid or missing secret key")
        }
        guard let id = request.parameters["id"], let person = people.person(at: .clerk, subject: id) else {
            return refusal(404, "resource_not_found", "No user was found with that id")
        }
        let made = Int64(1_700_000_000_000)
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.member("id", id)
                writer.member("object", "user")
                writer.member("username", Optional<String>.none)
                writer.member("first_name", person.names.given)
                writer.member("last_name", person.names.family)
                writer.member("image_url", "")
                writer.member("primary_email_address_id", "idn_primary")
                writer.array("email_addresses", of: [person]) { writer, person in
                    writer.member("id", "idn_primary")
                    writer.member("object", "email_address")
                    writer.member("email_address", person.email)
                    writer.object("verification") { writer in
                        writer.member("status", person.emailVerified == true ? "verified" : "unverified")
                        writer.member("strategy", "email_code")
                    }
                }
                writer.member("banned", false)
                writer.member("locked", false)
                writer.member("created_at", made)
                writer.member("updated_at", made)
            })
    }

    private func refusal(_ status: Int, _ code: String, _ message: String) -> Response {
        Response(
            status: status,
            json: JSONWriter.object { writer in
                writer.array("errors", of: [code]) { writer, code in
                    writer.member("message", message)
                    writer.member("long_message", message)
                    writer.member("code", code)
                }
            })
    }
}

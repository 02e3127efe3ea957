internal import Base
internal import HTTP

/// What each issuer publishes: its metadata (OpenID Connect Discovery 1.0, RFC 8414) and its key set.
extension DevelopmentProvider {
    func discoveryRoutes(_ issuer: Issuer) -> [Route] {
        let metadata = { [self] (_: Request) in published(status: 200, document(issuer)) }
        return [
            .immediate(.get, issuer.path + "/.well-known/openid-configuration", metadata),
            .immediate(.get, issuer.path + "/.well-known/oauth-authorization-server", metadata),
            .immediate(.get, issuer.keysPath) { [self] _ in try keySet(issuer) },
            .immediate(.get, issuer.userinfoPath) { [self] in try userinfo($0, issuer) },
            .immediate(.post, issuer.userinfoPath) { [self] in try userinfo($0, issuer) },
            .immediate(.options, issuer.userinfoPath) { [self] _ in
                var answer = published(status: 204, [])
                answer.set(.accessControlAllowHeaders, "Authorization")
                return answer
            },
        ]
    }

    /// An answer that any page may read: a browser's login needs it, and nothing here is secret.
    func published(status: Int, _ json: [UInt8]) -> Response {
        var answer = Response(status: status, json: json)
        answer.set(.accessControlAllowOrigin, "*")
        return answer
    }

    private func document(_ issuer: Issuer) -> [UInt8] {
        let origin = settings.origin
        return JSONWriter.object { writer in
            writer.member("issuer", origin + issuer.path)
            writer.member("authorization_endpoint", origin + issuer.authorizePath)
            writer.member("token_endpoint", origin + issuer.tokenPath)
            writer.member("userinfo_endpoint", origin + issuer.userinfoPath)
            writer.member("jwks_uri", origin + issuer.keysPath)
            writer.member("authorization_response_iss_parameter_supported", true)
            for (name, values) in Self.supported {
                writer.key(name)
                writer.beginArray()
                for value in values { writer.value(value) }
                writer.endArray()
            }
        }
    }

    private static let supported = [
        ("response_types_supported", ["code"]),
        ("grant_types_supported", ["authorization_code"]),
        ("subject_types_supported", ["public"]),
        ("id_token_signing_alg_values_supported", ["RS256", "ES256"]),
        ("code_challenge_methods_supported", ["S256"]),
        ("token_endpoint_auth_methods_supported", ["none", "client_secret_post", "client_secret_basic"]),
        ("scopes_supported", ["openid", "profile", "email"]),
        ("claims_supported", ["sub", "name", "given_name", "family_name", "email", "email_verified"]),
    ]

    private func keySet(_ issuer: Issuer) throws -> Response {
        let ring = try keys.ring(of: issuer)
        let body = JSONWriter.object { writer in
            writer.key("keys")
            writer.beginArray()
            for key in ring.published { key.write(to: &writer, id: issuer.keyID(key)) }
            writer.endArray()
        }
        var answer = published(status: 200, body)
        if let control = issuer.keysCacheControl { answer.set(.cacheControl, control) }
        return answer
    }

    /// The claims of the person whose token it is (OpenID Connect Core 1.0 section 5.3).
    private func userinfo(_ request: Request, _ issuer: Issuer) throws -> Response {
        guard let person = try bearer(of: request, issuer) else {
            var refused = published(
                status: 401, JSONWriter.object { $0.member("error", "invalid_token") })
            refused.set(.wwwAuthenticate, #"Bearer error="invalid_token""#)
            return refused
        }
        return published(
            status: 200,
            JSONWriter.object { writer in
                writer.member("sub", person.subject)
                writer.member("name", person.who.fullName)
                writer.member("given_name", person.who.names.given)
                writer.member("family_name", person.who.names.family)
                writer.member("preferred_username", person.who.email)
                writer.member("email", person.who.email)
                writer.memberIfPresent("email_verified", person.who.emailVerified)
            })
    }

    /// The person of a valid token of this issuer; nil for any other.
    private func bearer(of request: Request, _ issuer: Issuer) throws -> (subject: String, who: Person)? {
        guard let value = request.field(.authorization), value.lowercased().hasPrefix("bearer ") else { return nil }
        let ring = try keys.ring(of: issuer)
        let token = String(value.dropFirst("bearer ".count))
        guard let claims = TokenSigner.claims(of: token, keys: ring.published),
            let end = claims["exp"]?.double, end > Double(clock.wall().seconds),
            let subject = (claims["uid"] ?? claims["sub"])?.string
        else { return nil }
        if let person = people.person(at: issuer, subject: subject) { return (subject, person) }
        // Made before the last start: what the token itself says.
        guard let email = (claims["email"] ?? claims["sub"])?.string, email.contains("@") else { return nil }
        return (subject, Person(email: email, emailVerified: true, chosenSubject: subject))
    }
}

internal import Base
internal import HTTP

/// Login with authorization code and PKCE (RFC 6749 section 4.1, RFC 7636): the person types an e-mail, and is it.
extension DevelopmentProvider {
    func loginRoutes(_ issuer: Issuer) -> [Route] {
        [
            .immediate(.get, issuer.authorizePath) { [self] in try authorize($0, issuer) },
            .immediate(.post, issuer.tokenPath) { [self] in try exchange($0, issuer) },
        ]
    }

    private func authorize(_ request: Request, _ issuer: Issuer) throws -> Response {
        guard let form = FormFields(request.query ?? "") else {
            throw Problem(.badRequest, "The query is not well formed.")
        }
        // Before the redirect URI is known to be good, nothing is sent there (RFC 6749 section 4.1.2.1).
        guard let redirect = form["redirect_uri"], Self.isLoopbackURI(redirect) else {
            throw Problem(
                .validationFailed, "The login can't begin.",
                details: [.init("redirect_uri", "must be an http URL on a loopback host")])
        }
        var problems: [Problem.Field] = []
        if form["response_type"] != "code" { problems.append(.init("response_type", "must be code")) }
        if form["client_id"]?.isEmpty ?? true { problems.append(.init("client_id", "is missing")) }
        if form["code_challenge_method"] != "S256" { problems.append(.init("code_challenge_method", "must be S256")) }
        if form["code_challenge"]?.utf8.count != 43 {
            problems.append(.init("code_challenge", "must be a base64url SHA-256"))
        }
        if !problems.isEmpty { throw Problem(.validationFailed, "The login can't begin.", details: problems) }
        guard let email = form["login_hint"], email.contains("@") else { return page(form, issuer) }
        let code = codes.issue(
            .init(
                person: Person(email: email, emailVerified: true, chosenSubject: nil),
                clientID: form["client_id"] ?? "",
                redirectURI: redirect, scopes: (form["scope"] ?? "openid").split(separator: " ").map(String.init),
                nonce: form["nonce"], challenge: form["code_challenge"] ?? "",
                expires: clock.wall().advanced(bySeconds: AuthorizationCodes.lifetime)))
        var target = redirect + (redirect.contains("?") ? "&" : "?") + "code=" + code
        // RFC 9207
        target += "&iss=" + FormFields.encode(settings.origin + issuer.path)
        if let state = form["state"] { target += "&state=" + FormFields.encode(state) }
        return Response(status: 302, fields: [(.location, target)])
    }

    /// The form asks for the e-mail and comes back with everything else as it was.
    private func page(_ form: FormFields, _ issuer: Issuer) -> Response {
        let kept = form.fields.filter { $0.name != "login_hint" }.map { field in
            #"<input type="hidden" name="\#(Self.escape(field.name))" value="\#(Self.escape(field.value))">"#
        }
        var answer = Response(
            status: 200,
            text: """
                <!doctype html><html lang="en"><meta charset="utf-8"><title>Development login</title>
                <h1>Development login (\(issuer.rawValue))</h1>
                <form method="get"><label>E-mail <input type="email" name="login_hint" required autofocus></label>
                \(kept.joined())<button>Sign in</button></form></html>

                """,
            type: "text/html; charset=utf-8")
        answer.set(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
        return answer
    }

    private func exchange(_ request: Request, _ issuer: Issuer) throws -> Response {
        guard let form = FormFields(String(decoding: request.body, as: UTF8.self)) else {
            return oauthError("invalid_request", "the form is not well formed")
        }
        guard form["grant_type"] == "authorization_code" else {
            return oauthError("unsupported_grant_type", "grant_type must be authorization_code")
        }
        guard let grant = codes.redeem(form["code"] ?? "", now: clock.wall()),
            form["redirect_uri"] == grant.redirectURI, form["client_id"] ?? grant.clientID == grant.clientID,
            Base64URL.encode(Digest.sha256(form["code_verifier"] ?? "")) == grant.challenge
        else { return oauthError("invalid_grant", "the code, its verifier, client or redirect URI is wrong") }
        let maker = TokenMaker(settings: settings, now: clock.wall())
        let wish = TokenMaker.Wish(person: grant.person, nonce: grant.nonce, scopes: grant.scopes)
        func token(_ shape: TokenShape) throws -> String {
            try sign(maker.claims(shape, wish), shape: shape, for: grant.person, kind: .rs256).text
        }
        let (access, id): (TokenShape, TokenShape) =
            switch issuer {
            case .okta: (.oktaAccess, .oktaID)
            case .oktaOrg: (.oktaOrgAccess, .oktaOrgID)
            case .clerk: (.clerk, .clerk)
            case .oidc: (.oidc, .oidc)
            }
        let accessToken = try token(access)
        let idToken = id == access ? accessToken : try token(id)
        return published(
            status: 200,
            JSONWriter.object { writer in
                writer.member("token_type", "Bearer")
                writer.member("expires_in", access.lifetime)
                writer.member("access_token", accessToken)
                writer.member("scope", grant.scopes.joined(separator: " "))
                writer.member("id_token", idToken)
            })
    }

    /// RFC 6749 section 5.2.
    private func oauthError(_ code: String, _ description: String) -> Response {
        published(
            status: 400,
            JSONWriter.object { writer in
                writer.member("error", code)
                writer.member("error_description", description)
            })
    }

    /// Whether a browser sent there stays on this machine.
    static func isLoopbackURI(_ uri: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: uri.hasPrefix),
            uri.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F && $0 != "\\" && $0 != "#" })
        else { return false }
        let authority = uri.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { return false }
        if authority.hasPrefix("[::1]") { return authority == "[::1]" || authority.hasPrefix("[::1]:") }
        let host = authority.prefix { $0 != ":" }
        return host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

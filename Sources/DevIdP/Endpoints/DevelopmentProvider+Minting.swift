internal import Base
internal import HTTP

/// Tokens for the asking, and new keys.
extension DevelopmentProvider {
    var mintingRoutes: [Route] {
        [
            .immediate(.get, "/token") { [self] in try tokenText($0) },
            .immediate(.post, "/token") { [self] in try tokenDocument($0) },
            .immediate(.post, "/rotate") { [self] in try rotate($0) },
        ]
    }

    /// A token with what is known of it.
    struct Minted {
        let text: String
        let issuer: Issuer
        let claims: Claims
        let keyID: String
    }

    /// Makes the token, and remembers for whom.
    func mint(_ wanted: TokenRequest) throws(DevIdPError) -> Minted {
        let maker = TokenMaker(settings: settings, now: clock.wall())
        var claims = maker.claims(wanted.shape, .init(person: wanted.person, lifetime: wanted.expiresIn))
        claims.merge(wanted.claims)
        return try sign(claims, shape: wanted.shape, for: wanted.person, kind: wanted.kind, header: wanted.header)
    }

    func sign(
        _ claims: Claims, shape: TokenShape, for person: Person, kind: SigningKey.Kind, header wishes: JSON? = nil
    ) throws(DevIdPError) -> Minted {
        let issuer = shape.issuer
        if let subject = claims.text("uid") ?? claims.text("sub") {
            people.remember(person, at: issuer, subject: subject)
        }
        // Okta does not publish the key of its org server's access tokens.
        let key = shape == .oktaOrgAccess ? try SigningKey(kind) : try keys.ring(of: issuer).signing(kind)
        guard let key else { throw DevIdPError("there is no \(kind.rawValue) key") }
        var header = Claims()
        header.set("kid", issuer.keyID(key))
        if issuer == .clerk { header.set("cat", "cl_B7d4PD111AAA") }
        header.merge(wishes)
        header.remove("alg")
        let text = try TokenSigner.sign(claims, header: header, with: key)
        return Minted(text: text, issuer: issuer, claims: claims, keyID: issuer.keyID(key))
    }

    /// The bare token, for `TOKEN=$(curl …)`.
    private func tokenText(_ request: Request) throws -> Response {
        Response(status: 200, text: try mint(TokenRequest(request)).text)
    }

    private func tokenDocument(_ request: Request) throws -> Response {
        let wanted = try TokenRequest(request)
        let minted = try mint(wanted)
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.member("token", minted.text)
                writer.member("shape", wanted.shape.rawValue)
                writer.member("issuer", settings.origin + minted.issuer.path)
                writer.member("kid", minted.keyID)
                writer.member("alg", wanted.kind.rawValue)
                writer.member("claims", json: minted.claims.json)
            })
    }

    /// `{"issuer"?: "okta", "keep_former"?: true}`, in the body or the query; without an issuer all get new keys.
    private func rotate(_ request: Request) throws -> Response {
        let body = request.body.isEmpty ? nil : try? JSON.parse(request.body)
        let form = FormFields(request.query ?? "")
        guard request.body.isEmpty || body?.members != nil, let form else {
            throw Problem(.badRequest, "The body must be a JSON object.")
        }
        let name = body?["issuer"]?.string ?? form["issuer"]
        let keepsFormer = body?["keep_former"]?.bool ?? form["keep_former"].flatMap { Bool($0) } ?? true
        let wanted = try name.map { name throws(Problem) in
            guard let issuer = Issuer(rawValue: name) else {
                let known = Issuer.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    .validationFailed, "There is no such issuer.", details: [.init("issuer", "must be one of \(known)")]
                )
            }
            return [issuer]
        }
        var published: [(issuer: Issuer, ids: [String])] = []
        for issuer in wanted ?? Issuer.allCases {
            try keys.rotate(issuer, keepsFormer: keepsFormer)
            published.append((issuer, try keys.ring(of: issuer).published.map(issuer.keyID)))
        }
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                for (issuer, ids) in published {
                    writer.key(issuer.rawValue)
                    writer.beginArray()
                    for id in ids { writer.value(id) }
                    writer.endArray()
                }
            })
    }
}

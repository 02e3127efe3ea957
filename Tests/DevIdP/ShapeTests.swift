import Base
import HTTP
import Testing

@Suite("Token shapes")
struct ShapeTests {
    let provider: DevIdPFixture

    init() throws {
        provider = try DevIdPFixture()
    }

    static let names: [(shape: String, issuer: String, names: Set<String>)] = [
        (
            "okta-access", "/okta/oauth2/default",
            ["ver", "jti", "iss", "aud", "iat", "exp", "cid", "uid", "scp", "auth_time", "sub"]
        ),
        (
            "okta-id", "/okta/oauth2/default",
            [
                "ver", "jti", "iss", "aud", "sub", "iat", "exp", "amr", "idp", "auth_time", "name", "given_name",
                "family_name", "preferred_username", "email", "email_verified",
            ]
        ),
        ("okta-org-id", "/okta", ["iss", "aud", "sub", "email"]),
        ("clerk", "/clerk", ["azp", "exp", "fva", "iat", "iss", "nbf", "sid", "sub"]),
        (
            "clerk-v2", "/clerk",
            ["azp", "exp", "fva", "iat", "iss", "nbf", "sid", "sub", "v", "jti", "sts", "pla", "fea"]
        ),
        ("oidc", "/oidc", ["iss", "aud", "sub", "iat", "exp", "azp", "email", "email_verified"]),
    ]

    @Test("has the issuer and the claims of the real one", arguments: names)
    func claims(shape: String, issuer: String, names: Set<String>) throws {
        let claims = try provider.claims("shape=\(shape)&email=ada@example.com")
        let present = Set(try #require(claims.members).map(\.name))
        #expect(present.isSuperset(of: names))
        #expect(claims["iss"]?.string == DevIdPFixture.origin + issuer)
        // A session token and an access token hold no e-mail unless customised.
        if ["okta-access", "clerk", "clerk-v2"].contains(shape) { #expect(present == names) }
    }

    @Test("an Okta access token names the login, its uid is the ID token's sub")
    func oktaSubjects() throws {
        let access = try provider.claims("shape=okta&email=ada@example.com")
        let id = try provider.claims("shape=okta-id&email=Ada@Example.com")
        #expect(access["sub"]?.string == "ada@example.com")
        #expect(access["uid"]?.string == id["sub"]?.string)
        #expect(access["uid"]?.string?.hasPrefix("00u") == true)
        #expect(access["uid"]?.string?.utf8.count == 20)
        #expect(access["aud"]?.string == "api://default")
        #expect(id["aud"]?.string == access["cid"]?.string)
    }

    @Test("a Clerk session token lives a minute and began five seconds ago")
    func clerkTimes() throws {
        let claims = try provider.claims("shape=clerk&email=ada@example.com")
        #expect(claims["exp"]?.int == DevIdPFixture.now.seconds + 60)
        #expect(claims["nbf"]?.int == DevIdPFixture.now.seconds - 5)
        #expect(claims["sub"]?.string?.hasPrefix("user_") == true)
    }

    @Test("claims are replaced, added, and removed by null")
    func overrides() throws {
        let body = """
            {"shape": "clerk", "email": "ada@example.com", "sub": "user_mine", "expires_in": -30,
             "claims": {"azp": null, "o": {"id": "org_1", "rol": "admin"}, "sid": "sess_mine"},
             "header": {"kid": "elsewhere", "cat": null}}
            """
        let answer = try provider.json(.post, "/token", body: body)
        let token = try #require(answer["token"]?.string)
        let claims = try DevIdPFixture.part(1, of: token)
        #expect(claims["azp"] == nil)
        #expect(claims["o"]?["rol"]?.string == "admin")
        #expect(claims["sid"]?.string == "sess_mine")
        #expect(claims["sub"]?.string == "user_mine")
        #expect(claims["exp"]?.int == DevIdPFixture.now.seconds - 30)
        let header = try DevIdPFixture.part(0, of: token)
        #expect(header["kid"]?.string == "elsewhere")
        #expect(header["cat"] == nil)
    }

    @Test("email_verified is said, denied or left out", arguments: [("true", true), ("false", false), ("null", nil)])
    func verified(text: String, expected: Bool?) throws {
        let claims = try provider.claims("shape=oidc&email=ada@example.com&email_verified=\(text)")
        #expect(claims["email_verified"]?.bool == expected)
        #expect((claims["email_verified"] == nil) == (expected == nil))
    }

    @Test(
        "a plus in an e-mail survives the query, encoded or not",
        arguments: ["ada+x@example.com", "ada%2Bx@example.com"])
    func plus(email: String) throws {
        #expect(try provider.claims("shape=oidc&email=\(email)")["email"]?.string == "ada+x@example.com")
    }

    static let refused = [
        (#"{"shape": "saml", "email": "a@example.com"}"#, "shape"), (#"{"email": "nobody"}"#, "email"), ("{}", "email"),
        (#"{"email": 7}"#, "email"), (#"{"email": "a@example.com", "alg": "HS256"}"#, "alg"),
        (#"{"email": "a@example.com", "claims": []}"#, "claims"),
        (#"{"email": "a@example.com", "expires_in": 1.5}"#, "expires_in"),
        (#"{"email": "a@example.com", "expires_in": 10000000001}"#, "expires_in"),
        (#"{"email": "a@example.com", "email_verified": 1}"#, "email_verified"),
        (#"{"email": "a@example.com", "mail": "x"}"#, "mail"),
    ]

    @Test("a wish that can't be met names its field", arguments: refused)
    func refusal(body: String, field: String) throws {
        let answer = try provider.send(.post, "/token", body: body)
        #expect(answer.status == 400)
        let fields = try JSON.parse(answer.body)["details"]?.elements?.compactMap { $0["field"]?.string }
        #expect(fields?.contains(field) == true)
    }

    @Test("a body that is no object is refused", arguments: ["[]", "{", "7"])
    func noObject(body: String) throws {
        #expect(try provider.send(.post, "/token", body: body).status == 400)
    }
}

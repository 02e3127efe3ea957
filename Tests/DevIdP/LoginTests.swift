import Base
import HTTP
import Testing

@Suite("Login with code and PKCE")
struct LoginTests {
    let provider: DevIdPFixture

    init() throws {
        provider = try DevIdPFixture()
    }

    // RFC 7636 appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let redirect = "http://localhost:3000/cb"

    func query(_ changes: [String: String] = [:]) -> String {
        var fields = [
            "response_type": "code", "client_id": "0oadevelopment", "redirect_uri": Self.redirect, "state": "a b",
            "scope": "openid+email", "nonce": "n1", "code_challenge": Self.challenge, "code_challenge_method": "S256",
            "login_hint": "ada@example.com",
        ]
        fields.merge(changes) { _, change in change }
        return fields.filter { !$0.value.isEmpty }.map {
            "\($0.key)=\($0.value.split(separator: " ").joined(separator: "%20"))"
        }
        .joined(separator: "&")
    }

    func exchange(_ path: String, code: String, verifier: String = verifier) throws -> Response {
        try provider.send(
            .post, path + "/token",
            body: "grant_type=authorization_code&client_id=0oadevelopment&code=\(code)&code_verifier=\(verifier)"
                + "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb")
    }

    func code(_ path: String) throws -> String {
        let answer = try provider.send(.get, path + "/authorize?" + query())
        #expect(answer.status == 302)
        let target = try #require(answer.field(.location))
        #expect(target.hasPrefix(Self.redirect + "?code="))
        #expect(target.hasSuffix("&state=a%20b"))
        return String(target.dropFirst((Self.redirect + "?code=").count).prefix { $0 != "&" })
    }

    @Test(
        "gives an access and an ID token, once",
        arguments: ["/okta/oauth2/default/v1", "/okta/oauth2/v1", "/clerk/oauth", "/oidc"])
    func login(path: String) throws {
        let code = try code(path)
        let answer = try exchange(path, code: code)
        #expect(answer.status == 200)
        let tokens = try JSON.parse(answer.body)
        #expect(tokens["token_type"]?.string == "Bearer")
        let id = try DevIdPFixture.part(1, of: #require(tokens["id_token"]?.string))
        if path != "/clerk/oauth" {
            #expect(id["nonce"]?.string == "n1")
            #expect(id["email"]?.string == "ada@example.com")
        }
        #expect(try exchange(path, code: code).status == 400)
    }

    @Test("a wrong verifier gets nothing, and spends the code")
    func wrongVerifier() throws {
        let code = try code("/oidc")
        #expect(try exchange("/oidc", code: code, verifier: String(Self.verifier.reversed())).status == 400)
        #expect(try exchange("/oidc", code: code).status == 400)
    }

    @Test("asks for the e-mail when none is hinted, and escapes what it shows")
    func page() throws {
        let answer = try provider.send(
            .get, "/oidc/authorize?" + query(["login_hint": "", "state": "%22%3E%3Cscript%3E"]))
        #expect(answer.status == 200)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#"value="&quot;&gt;&lt;script&gt;""#))
        #expect(!text.contains("<script>"))
    }

    static let bad: [[String: String]] = [
        ["redirect_uri": "https://evil.example/cb"], ["redirect_uri": "http://localhost@evil.example/"],
        ["redirect_uri": "http://localhost.evil.example/"], ["redirect_uri": "http://[::1].evil.example/"],
        ["redirect_uri": "javascript:alert(1)"], ["redirect_uri": "//localhost/"], ["redirect_uri": ""],
        ["redirect_uri": "http://127.0.0.1%0d%0aX:1/"], ["response_type": "token"], ["client_id": ""],
        ["code_challenge_method": "plain"], ["code_challenge": "short"], ["code_challenge": ""],
    ]

    @Test("refuses a login that is no loopback PKCE login", arguments: bad)
    func refused(changes: [String: String]) throws {
        #expect(try provider.send(.get, "/oidc/authorize?" + query(changes)).status == 400)
    }

    @Test(
        "comes back to any loopback host",
        arguments: ["http://127.0.0.1:8080/cb", "http://[::1]:1/", "https://LOCALHOST"])
    func loopback(uri: String) throws {
        #expect(try provider.send(.get, "/oidc/authorize?" + query(["redirect_uri": uri])).status == 302)
    }
}

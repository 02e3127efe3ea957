import Base
import HTTP
import Testing

@Suite("Published documents and people")
struct PublishedTests {
    let provider: DevIdPFixture

    init() throws {
        provider = try DevIdPFixture()
    }

    static let keySets = [
        ("okta-access", "/okta/oauth2/default/v1/keys"), ("okta-org-id", "/okta/oauth2/v1/keys"),
        ("clerk", "/clerk/.well-known/jwks.json"), ("oidc", "/oidc/keys"),
    ]

    @Test("each issuer publishes the key that signs, and not another's", arguments: keySets)
    func keySet(shape: String, path: String) throws {
        for algorithm in ["RS256", "ES256"] {
            let header = try provider.header("shape=\(shape)&email=a@example.com&alg=\(algorithm)")
            #expect(header["alg"]?.string == algorithm)
            for (_, other) in Self.keySets {
                let keys = try #require(try provider.json(.get, other)["keys"]?.elements)
                #expect(keys.contains { $0["kid"] == header["kid"] && $0["alg"] == header["alg"] } == (other == path))
                #expect(keys.allSatisfy { $0["d"] == nil && $0["p"] == nil && $0["use"]?.string == "sig" })
            }
        }
    }

    @Test("the key of an org access token is not published")
    func orgAccess() throws {
        let header = try provider.header("shape=okta-org-access&email=a@example.com")
        for (_, path) in Self.keySets {
            let keys = try #require(try provider.json(.get, path)["keys"]?.elements)
            #expect(!keys.contains { $0["kid"] == header["kid"] })
        }
    }

    @Test(
        "discovery names the issuer it is found under",
        arguments: ["/okta/oauth2/default", "/okta", "/clerk", "/oidc"])
    func discovery(path: String) throws {
        let document = try provider.json(.get, path + "/.well-known/openid-configuration")
        #expect(document["issuer"]?.string == DevIdPFixture.origin + path)
        let keys = try #require(document["jwks_uri"]?.string)
        #expect(try provider.send(.get, String(keys.dropFirst(DevIdPFixture.origin.count))).status == 200)
    }

    @Test("rotation signs with a new key; the former stays or goes", arguments: [true, false])
    func rotation(keeps: Bool) throws {
        let path = "/okta/oauth2/default/v1/keys"
        let former = try provider.header("shape=okta&email=a@example.com")["kid"]
        #expect(
            try provider.send(.post, "/rotate", body: #"{"issuer": "okta", "keep_former": \#(keeps)}"#).status == 200)
        let next = try provider.header("shape=okta&email=a@example.com")["kid"]
        #expect(next != former)
        let published = try #require(try provider.json(.get, path)["keys"]?.elements).map { $0["kid"] }
        #expect(published.contains(next))
        #expect(published.contains(former) == keeps)
        #expect(try provider.send(.post, "/rotate", body: #"{"issuer": "saml"}"#).status == 400)
    }

    static let userinfoPaths = [
        ("okta", "/okta/oauth2/default/v1/userinfo", "uid"), ("clerk", "/clerk/oauth/userinfo", "sub"),
        ("oidc", "/oidc/userinfo", "sub"),
    ]

    @Test("userinfo tells the e-mail of the token's person", arguments: userinfoPaths)
    func userinfo(shape: String, path: String, subject: String) throws {
        for algorithm in ["RS256", "ES256"] {
            let token = try provider.token("shape=\(shape)&email=ada.lovelace@example.com&alg=\(algorithm)")
            let answer = try provider.send(.get, path, fields: [(.authorization, "Bearer " + token)])
            #expect(answer.status == 200)
            let info = try JSON.parse(answer.body)
            #expect(info["sub"] == (try DevIdPFixture.part(1, of: token))[subject])
            #expect(info["email"]?.string == "ada.lovelace@example.com")
            #expect(info["name"]?.string == "Ada Lovelace")
            let altered = token.dropLast(4) + (token.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            #expect(try provider.send(.get, path, fields: [(.authorization, "Bearer " + altered)]).status == 401)
        }
        let late = try provider.token("shape=\(shape)&email=a@example.com&expires_in=0")
        #expect(try provider.send(.get, path, fields: [(.authorization, "Bearer " + late)]).status == 401)
        let foreign = try provider.token("shape=okta-org-id&email=a@example.com")
        #expect(try provider.send(.get, path, fields: [(.authorization, "Bearer " + foreign)]).status == 401)
        #expect(try provider.send(.get, path).status == 401)
    }

    @Test("the Backend API tells a Clerk user's e-mail and whether it is verified", arguments: [true, false])
    func backend(verified: Bool) throws {
        let claims = try provider.claims("shape=clerk&email=eve@example.com&email_verified=\(verified)")
        let path = "/clerk-api/v1/users/" + (try #require(claims["sub"]?.string))
        #expect(try provider.send(.get, path).status == 401)
        let key: [(FieldName, String)] = [(.authorization, "Bearer sk_test_x")]
        let user = try JSON.parse(provider.send(.get, path, fields: key).body)
        let address = try #require(user["email_addresses"]?.elements?.first)
        #expect(address["id"] == user["primary_email_address_id"])
        #expect(address["email_address"]?.string == "eve@example.com")
        #expect(address["verification"]?["status"]?.string == (verified ? "verified" : "unverified"))
        #expect(try provider.send(.get, "/clerk-api/v1/users/user_nobody", fields: key).status == 404)
    }
}

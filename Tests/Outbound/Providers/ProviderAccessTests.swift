import Base
import Testing
import Tokens

@testable import Outbound

@Suite struct ProviderAccessTests {
    @Test(
        "an issuer is https, or http on this machine where that is allowed",
        arguments: [
            ("https://a.example", true, true), ("https://a.example/oauth2/default", true, true),
            ("http://127.0.0.1:8081", false, true), ("http://localhost/x", false, true),
            ("http://[::1]:1", false, true),
            ("http://a.example", false, false), ("http://10.0.0.1", false, false),
            ("https://a.example?x", false, false),
            ("https://a.example#x", false, false), ("https://u@a.example", false, false),
            ("a.example", false, false),
            ("", false, false), ("file:///x", false, false),
        ])
    func issuers(text: String, isStrict: Bool, isLoose: Bool) {
        let policy = IssuerPolicy(provider: .oidc, issuer: text)
        #expect(((try? ProviderAccess().issuer(of: policy)) != nil) == isStrict)
        #expect(((try? ProviderAccess(allowsLoopbackHTTP: true).issuer(of: policy)) != nil) == isLoose)
    }

    @Test(
        "an endpoint may be on another host only over https, and never loses TLS",
        arguments: [
            ("https://a.example", "https://a.example/keys", true),
            ("https://a.example", "https://b.example/keys", true),
            ("https://a.example", "https://a.example:8443/keys", true),
            ("https://a.example", "http://a.example/keys", false),
            ("https://a.example", "http://127.0.0.1/keys", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2/keys", true),
            ("http://127.0.0.1:1", "http://localhost:1/keys", false),
            ("http://127.0.0.1:1", "https://b.example/keys", true),
            ("http://127.0.0.1:1", "http://b.example/keys", false), ("https://a.example", "keys", false),
            ("https://a.example", "https://u@a.example/keys", false),
            ("https://a.example", "file:///keys", false),
        ])
    func endpoints(issuer: String, endpoint: String, isAllowed: Bool) throws {
        let access = ProviderAccess(allowsLoopbackHTTP: true)
        let issuer = try #require(WebURL(issuer))
        #expect(((try? access.endpoint("jwks_uri", endpoint, of: issuer)) != nil) == isAllowed)
    }

    @Test("addresses follow what is allowed")
    func addresses() {
        #expect(ProviderAccess().addresses == .publicOnly)
        #expect(ProviderAccess(allowsLoopbackHTTP: true).addresses == .publicOrLoopback)
        #expect(ProviderAccess(allowsPrivateAddresses: true).addresses == .any)
    }

    @Test(
        "each kind of provider has its places",
        arguments: [
            (.okta, "https://x.okta.com", "https://x.okta.com/oauth2/v1/keys"),
            (.okta, "https://x.okta.com/oauth2/default", "https://x.okta.com/oauth2/default/v1/keys"),
            (.okta, "https://x.okta.com/oauth2/aus1", "https://x.okta.com/oauth2/aus1/v1/keys"),
            (.clerk, "https://clerk.x.example", "https://clerk.x.example/.well-known/jwks.json"),
            (.oidc, "https://x.example/", "https://x.example/.well-known/jwks.json"),
            (.oidc, "https://x.example/realm", "https://x.example/realm/.well-known/jwks.json"),
        ] as [(Provider, String, String)])
    func places(provider: Provider, issuer: String, keys: String) {
        #expect(ProviderEndpoints.keySet(of: IssuerPolicy(provider: provider, issuer: issuer)) == keys)
    }

    @Test(
        "dates in HTTP",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Mon, 29 Feb 2016 12:00:00 GMT", 1_456_747_200), ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil), ("", nil),
            ("Sun, 31 Feb 1994 08:49:37 GMT", nil), ("Sun, 06 Xyz 1994 08:49:37 GMT", nil),
        ] as [(String, Int64?)])
    func dates(text: String, seconds: Int64?) {
        #expect(HTTPDate.parse(text)?.seconds == seconds)
    }

    @Test(
        "what an answer says about its lifetime",
        arguments: [
            ([], nil), (["max-age=60"], 60), (["public, MAX-AGE=60, must-revalidate"], 60),
            (["max-age=\"60\""], 60),
            (["no-store"], 0), (["max-age=60, no-cache"], 0), (["public"], nil), (["max-age=-1"], nil),
            (["max-age=abc"], nil), (["max-age="], nil),
            (["max-age=99999999999999999999"], 2_147_483_648),
            (["public", "max-age=7"], 7),
        ] as [([String], Int64?)])
    func lifetimes(values: [String], seconds: Int64?) {
        func response(_ fields: [(String, String)]) -> FetchResponse {
            FetchResponse(status: 200, fields: fields, body: [], timings: FetchTimings(), address: nil)
        }
        let fields = values.map { ("cache-control", $0) }
        #expect(CacheControl.lifetime(of: response(fields)) == seconds.map { .seconds($0) })
        if let seconds, seconds > 0 {
            #expect(CacheControl.lifetime(of: response(fields + [("age", "5")])) == .seconds(seconds - 5))
        }
    }
}

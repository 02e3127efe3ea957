import Base
import Outbound
import Testing
import Tokens

/// Where key sets are looked for, and which discovery documents are believed.
@Suite struct KeySetFetchTests {
    let bench: ProviderBench

    init() throws {
        bench = try ProviderBench()
    }

    @Test("Okta's custom server has its keys below the issuer, without discovery")
    func okta() async throws {
        try await bench.server.set(bench.place + "/oauth2/default/v1/keys", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(.okta, suffix: "/oauth2/default")) == ["a"])
    }

    @Test("Okta's org server has its keys below /oauth2")
    func oktaOrg() async throws {
        let server = try OddServer()
        try await server.set("/oauth2/v1/keys", Keys.set("org"))
        #expect(try await bench.keys(IssuerPolicy(provider: .okta, issuer: server.origin)) == ["org"])
    }

    @Test(
        "Clerk and OpenID Connect issuers say themselves where their keys are",
        arguments: [Provider.clerk, .oidc])
    func discovered(provider: Provider) async throws {
        try await bench.discover(["jwks_uri": bench.issuer + "/somewhere"])
        try await bench.server.set(bench.place + "/somewhere", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(provider)) == ["a"])
    }

    @Test(
        "without a discovery document, or a word in it, there is the usual place",
        arguments: [404, 500, 200])
    func usualPlace(status: Int) async throws {
        if status == 200 {
            try await bench.discover([:])
        } else {
            try await bench.server.set(
                bench.place + "/.well-known/openid-configuration", "no", status: status)
        }
        try await bench.server.set(bench.place + "/.well-known/jwks.json", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(.clerk)) == ["a"])
    }

    @Test("a configured place goes before all others")
    func configured() async throws {
        try await bench.discover(["jwks_uri": bench.issuer + "/somewhere"])
        try await bench.server.set(bench.place + "/mine", Keys.set("mine"))
        #expect(try await bench.keys(bench.policy(.oidc, jwksURL: bench.issuer + "/mine")) == ["mine"])
        #expect(
            try await bench.keys(bench.policy(.oidc, jwksURL: "http://a.example/")) == ["error: url"])
        #expect(try await bench.keys(bench.policy(.oidc, jwksURL: "nonsense")) == ["error: url"])
    }

    @Test(
        "a discovery document of another issuer is refused, however little it differs",
        arguments: ["/", "x", "upper"])
    func mismatch(change: String) async throws {
        let name = change == "upper" ? bench.issuer.uppercased() : bench.issuer + change
        try await bench.discover(["jwks_uri": bench.issuer + "/keys"], issuer: name)
        try await bench.server.set(bench.place + "/keys", Keys.set("a"))
        try await bench.server.set(bench.place + "/.well-known/jwks.json", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(.oidc)) == ["error: issuer_mismatch"])
    }

    @Test(
        "a document that can't be read is refused",
        arguments: ["", "garbage", "[]", "{}", #"{"issuer":1}"#, #"{"issuer":"a","issuer":"b"}"#])
    func unreadable(text: String) async throws {
        try await bench.server.set(bench.place + "/.well-known/openid-configuration", text)
        #expect(try await bench.keys(bench.policy(.oidc)) == ["error: unreadable"])
    }

    @Test("the keys' place may not be on another host without TLS, nor lead inside")
    func foreignPlaces() async throws {
        for (place, name) in [
            ("http://localhost:\(bench.server.port)/x", "url"), ("http://a.example/", "url"),
            ("gopher://a.example/", "url"),
            ("https://169.254.169.254/latest", "address_refused"),
            ("https://10.0.0.1/", "address_refused"),
        ] {
            try await bench.discover(["jwks_uri": place])
            #expect(try await bench.keys(bench.policy(.oidc)) == ["error: \(name)"])
        }
    }

    @Test("by default neither http nor this machine is asked")
    func strict() async throws {
        try await bench.server.set(bench.place + "/v1/keys", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(.okta), access: ProviderAccess()) == ["error: url"])
        let secure = IssuerPolicy(provider: .okta, issuer: "https://127.0.0.1:\(bench.server.port)/x")
        #expect(try await bench.keys(secure, access: ProviderAccess()) == ["error: address_refused"])
    }

    @Test("a redirect on the same host is followed, to another it is not")
    func redirects() async throws {
        try await bench.server.set(
            bench.place + "/v1/keys", "", status: 302, fields: ["Location": bench.place + "/moved"])
        try await bench.server.set(bench.place + "/moved", Keys.set("a"))
        #expect(try await bench.keys(bench.policy(.okta)) == ["a"])
        try await bench.server.set(
            bench.place + "/v1/keys", "", status: 302,
            fields: ["Location": "http://localhost:\(bench.server.port)/moved"])
        #expect(try await bench.keys(bench.policy(.okta)) == ["error: redirect_refused"])
    }

    @Test("discovery and keys share one time limit")
    func time() async throws {
        try await bench.server.set(
            bench.place + "/.well-known/openid-configuration", "{}", status: 404, delay: 0.4)
        try await bench.server.set(bench.place + "/.well-known/jwks.json", Keys.set("a"), delay: 0.4)
        var access = ProviderAccess(allowsLoopbackHTTP: true)
        access.limits.total = .milliseconds(600)
        #expect(try await bench.keys(bench.policy(.oidc), access: access) == ["error: timeout"])
        access.limits.total = .seconds(20)
        #expect(try await bench.keys(bench.policy(.oidc), access: access) == ["a"])
    }

    @Test("discovery is asked once an hour, and again after its keys could not be had")
    func remembered() async throws {
        let policy = bench.policy(.oidc)
        let discovery = bench.place + "/.well-known/openid-configuration"
        try await bench.discover(["jwks_uri": bench.issuer + "/old"])
        try await bench.server.set(bench.place + "/old", Keys.set("a"))
        try await bench.server.set(bench.place + "/new", Keys.set("b"))
        let counts = try await bench.ask { client throws(ProviderError) -> [String] in
            var counts: [String] = []
            do {
                _ = try await client.keySet(of: policy)
                _ = try await client.keySet(of: policy)
                counts.append("\(try await bench.server.count(discovery) ?? -1)")
                try await bench.discover(["jwks_uri": bench.issuer + "/new"])
                try await bench.server.set(bench.place + "/old", "gone", status: 404)
                _ = try? await client.keySet(of: policy)
                counts.append(try await client.keySet(of: policy).keys.keys.first?.id ?? "")
                counts.append("\(try await bench.server.count(discovery) ?? -1)")
            } catch {
                counts.append("\(error)")
            }
            return counts
        }
        #expect(try counts.get() == ["1", "b", "2"])
    }

    @Test("the lifetime and the date come with the keys")
    func details() async throws {
        let policy = bench.policy(.okta)
        try await bench.server.set(
            bench.place + "/v1/keys", Keys.set("a"),
            fields: ["Cache-Control": "max-age=77", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"])
        let set = try await bench.ask { client throws(ProviderError) in
            try await client.keySet(of: policy)
        }.get()
        #expect(set.lifetime == .seconds(77))
        #expect(set.date?.seconds == 784_111_777)
        #expect(set.url.description == bench.issuer + "/v1/keys")
    }
}

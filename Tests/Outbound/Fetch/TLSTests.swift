import Base
import Outbound
import Support
import Testing

/// TLS is verified against the authority that was given, and never skipped.
@Suite struct TLSTests {
    func fetch(_ url: WebURL, authority: String?, rule: AddressRule = .loopbackOnly) async throws
        -> FetchResponse
    {
        try await onLoop(within: .seconds(60)) { loop in
            var settings = HTTPClient.Settings()
            settings.caFile = authority
            let client = HTTPClient(loop: loop, settings: settings)
            defer { client.close() }
            return try await client.fetch(FetchRequest(.get, url, addresses: rule))
        }
    }

    @Test("a certificate of the given authority for the right name is taken")
    func good() async throws {
        let certificate = try TestCertificate(name: "IP:127.0.0.1")
        let server = try OddServer(certificate: certificate.certificate, key: certificate.key)
        let response = try await fetch(server.url("/status/200"), authority: certificate.authority)
        #expect(response.status == 200)
        #expect(try #require(response.timings.tls) > .zero)
    }

    @Test("an unknown authority, a wrong name and a missing authority file are refused")
    func bad() async throws {
        let right = try TestCertificate(name: "IP:127.0.0.1")
        let wrong = try TestCertificate(name: "DNS:other.example")
        let server = try OddServer(certificate: right.certificate, key: right.key)
        let named = try OddServer(certificate: wrong.certificate, key: wrong.key)
        for (url, authority) in [
            (try server.url("/"), nil), (try server.url("/"), wrong.authority),
            (try named.url("/"), wrong.authority),
            (try server.url("/"), "/nowhere.pem"),
        ] {
            let error = await #expect(throws: FetchError.self) {
                try await fetch(url, authority: authority)
            }
            #expect(error?.kind == .tls)
        }
    }

    @Test(
        "no connection is made to an address that the rule refuses",
        arguments: ["127.0.0.1", "localhost", "[::1]"])
    func refusedAddress(host: String) async throws {
        let server = try OddServer.shared.get()
        let url = try #require(WebURL("https://\(host):\(server.port)/"))
        let error = await #expect(throws: FetchError.self) {
            try await fetch(url, authority: nil, rule: .publicOnly)
        }
        #expect(error?.kind == .addressRefused)
    }

    @Test(
        "other spellings of a refused address are refused as well",
        arguments: [
            "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0",
            "169.254.169.254",
            "10.0.0.1",
        ])
    func refusedSpelling(host: String) async throws {
        let url = try #require(WebURL("https://\(host):1/"))
        let error = await #expect(throws: FetchError.self) {
            try await fetch(url, authority: nil, rule: .publicOnly)
        }
        #expect(error?.kind == .addressRefused)
    }
}

import Accounts
import Outbound
import Testing
import Tokens

/// The test of a configuration, step by step.
@Suite struct ProviderReportTests {
    let bench: ProviderBench

    init() throws {
        bench = try ProviderBench()
    }

    func report(
        _ policy: IssuerPolicy, access: ProviderAccess = ProviderAccess(allowsLoopbackHTTP: true)
    ) async throws -> ProviderReport {
        try await bench.ask(access: access) { client throws(ProviderError) in await client.test(policy)
        }
        .get()
    }

    func outcomes(_ report: ProviderReport) -> [String: String] {
        Dictionary(uniqueKeysWithValues: report.steps.map { ($0.name.rawValue, $0.outcome.rawValue) })
    }

    @Test("a good issuer passes each step, with timings")
    func good() async throws {
        try await bench.discover(
            ["jwks_uri": bench.issuer + "/keys"], fields: ["Date": "Sun, 06 Nov 1994 08:49:37 GMT"])
        try await bench.server.set(bench.place + "/keys", Keys.set("a"))
        let report = try await report(bench.policy(.oidc))
        #expect(report.isUsable)
        #expect(report.steps.map(\.name) == ProviderReport.Step.Name.allCases)
        #expect(
            outcomes(report) == [
                "url": "passed", "dns": "passed", "connect": "passed", "tls": "skipped",
                "discovery": "passed",
                "issuer": "passed", "jwks": "passed", "algorithms": "passed", "clock": "warning",
            ])
        for step in report.steps where [.connect, .discovery, .keySet].contains(step.name) {
            #expect(try #require(step.duration) > .zero)
        }
    }

    @Test("each fault is shown at its step")
    func faults() async throws {
        #expect(
            outcomes(try await report(IssuerPolicy(provider: .oidc, issuer: "nonsense")))["url"]
                == "failed")
        #expect(
            outcomes(try await report(IssuerPolicy(provider: .oidc, issuer: "https://nothing.invalid")))[
                "dns"]
                == "failed")
        #expect(
            outcomes(try await report(IssuerPolicy(provider: .oidc, issuer: "http://127.0.0.1:1")))[
                "connect"]
                == "failed")
        #expect(
            outcomes(try await report(IssuerPolicy(provider: .oidc, issuer: "https://10.0.0.1")))[
                "connect"] == "failed"
        )
        let certificate = try TestCertificate(name: "IP:127.0.0.1")
        let untrusted = try OddServer(certificate: certificate.certificate, key: certificate.key)
        let policy = IssuerPolicy(provider: .oidc, issuer: untrusted.origin)
        #expect(outcomes(try await report(policy))["tls"] == "failed")

        try await bench.discover([:], issuer: "https://other.example")
        #expect(outcomes(try await report(bench.policy(.oidc)))["issuer"] == "failed")

        try await bench.discover(["jwks_uri": bench.issuer + "/keys"])
        try await bench.server.set(bench.place + "/keys", "garbage")
        let report = try await report(bench.policy(.oidc))
        #expect(outcomes(report)["discovery"] == "passed")
        #expect(outcomes(report)["jwks"] == "failed")
        #expect(!report.isUsable)

        try await bench.server.set(bench.place + "/keys", Keys.set("a"))
        var narrow = bench.policy(.oidc)
        narrow.algorithms = [.rs256]
        #expect(outcomes(try await self.report(narrow))["algorithms"] == "failed")
    }

    @Test("an issuer without discovery is usable, with a warning")
    func noDiscovery() async throws {
        try await bench.server.set(bench.place + "/v1/keys", Keys.set("a"))
        let report = try await report(bench.policy(.okta))
        #expect(report.isUsable)
        #expect(outcomes(report)["discovery"] == "warning")
        #expect(outcomes(report)["issuer"] == "skipped")
    }
}

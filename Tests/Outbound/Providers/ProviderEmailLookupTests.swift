import Accounts
import Base
import Outbound
import Support
import Testing
import Tokens

/// The port that provisioning asks, with tokens that were really verified.
@Suite struct ProviderEmailLookupTests {
    let bench: ProviderBench
    static let signer = Result { try TestSigner() }

    init() throws {
        bench = try ProviderBench()
    }

    func token(_ policy: IssuerPolicy, _ claims: String) throws -> (token: VerifiedToken, text: String) {
        let signer = try Self.signer.get()
        let keys = try KeySet(parsing: Array(signer.keySet.utf8))
        let trust = TrustStore(version: 1, generation: 1, issuers: [TrustedIssuer(policy: policy, keys: keys)])
        let now = Clock.system.wall()
        let text = try signer.sign(
            #"{"iss":"\#(policy.issuer)","exp":\#(now.seconds + 600),"iat":\#(now.seconds),\#(claims)}"#)
        let verdict = TokenVerifier().verify(Array(text.utf8).span, trust: trust, now: now)
        guard case .verified(let token) = verdict else { throw Refused(verdict: "\(verdict)") }
        return (token, text)
    }

    struct Refused: Error {
        let verdict: String
    }

    func email(
        _ token: VerifiedToken, bearer: String?, clerk: ClerkAccess? = nil
    ) async throws -> Result<LookedUpPerson?, Problem> {
        try await bench.thread.onLoop(within: .seconds(60)) { loop in
            let http = HTTPClient(loop: loop)
            defer { http.close() }
            let client = ProviderClient(http: http, loop: loop, access: ProviderAccess(allowsLoopbackHTTP: true))
            let lookup = ProviderEmailLookup(client: client, log: .silent) { _ in clerk }
            do throws(Problem) {
                return .success(try await lookup.email(of: token, bearer: bearer.map { Secret($0) }))
            } catch {
                return .failure(error)
            }
        }
    }

    static let access =
        #""sub":"ada@x.example","uid":"00u1","cid":"client","scp":["openid"],"aud":"api","ver":1,"jti":"AT.1""#

    @Test(
        "an access token is shown to userinfo; Okta's two names of a subject are both good",
        arguments: ["00u1", "ada@x.example"])
    func okta(subject: String) async throws {
        let (token, text) = try token(bench.policy(.okta, suffix: "/oauth2/default"), Self.access)
        try await bench.server.set(
            bench.place + "/oauth2/default/v1/userinfo", #"{"sub":"\#(subject)","email":"ada@x.example"}"#)
        #expect(try await email(token, bearer: text).get()?.email == "ada@x.example")
        #expect(try await email(token, bearer: nil).get() == nil)
    }

    @Test("a provider that is down is an outage and not an absence")
    func outage() async throws {
        let (token, text) = try token(bench.policy(.okta, suffix: "/oauth2/default"), Self.access)
        try await bench.server.set(bench.place + "/oauth2/default/v1/userinfo", "", status: 503)
        guard case .failure(let problem) = try await email(token, bearer: text) else {
            return #expect(Bool(false), "answered")
        }
        #expect(problem.code == .jwksUnavailable)
        #expect(!problem.message.contains(text))
    }

    @Test("a Clerk session is looked up where the secret key is known")
    func clerk() async throws {
        let (token, text) = try token(bench.policy(.clerk), #""sub":"user_1","sid":"sess_1""#)
        try await bench.server.set(
            bench.place + "/v1/users/user_1",
            """
            {"id": "user_1", "primary_email_address_id": "i", "email_addresses":
             [{"id": "i", "email_address": "a@x.example", "verification": {"status": "verified"}}]}
            """)
        let access = ClerkAccess(apiURL: try #require(WebURL(bench.issuer)), secretKey: Secret("sk"))
        #expect(try await email(token, bearer: text, clerk: access).get()?.isEmailVerified == true)
        #expect(try await email(token, bearer: text).get() == nil)
    }
}

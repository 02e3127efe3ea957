import Accounts
import Base
import Outbound
import Testing
import Tokens

/// What userinfo and Clerk's Backend API say about a person.
@Suite struct PeopleTests {
    let bench: ProviderBench

    init() throws {
        bench = try ProviderBench()
    }

    func userinfo(_ policy: IssuerPolicy) async throws -> Result<LookedUpPerson?, ProviderError> {
        try await bench.ask { client throws(ProviderError) in
            try await client.userinfo(
                of: policy, bearer: Secret("token"), subjects: ["sub-1", "login@x.example"])
        }
    }

    @Test(
        "userinfo gives the e-mail, whether it is verified, and names",
        arguments: [
            (#", "email_verified": true"#, true), (#", "email_verified": false"#, false), ("", nil),
            (#", "email_verified": "true""#, nil), (#", "email_verified": 1"#, nil),
            (#", "email_verified": null"#, nil),
        ] as [(String, Bool?)])
    func found(verified: String, isVerified: Bool?) async throws {
        try await bench.discover(["userinfo_endpoint": bench.issuer + "/me"])
        try await bench.server.set(
            bench.place + "/me",
            #"{"sub": "sub-1", "email": "A@x.example", "given_name": "Ada", "family_name": "L"\#(verified)}"#
        )
        let person = try #require(try await userinfo(bench.policy(.oidc)).get())
        #expect(person.email == "A@x.example")
        #expect(person.isEmailVerified == isVerified)
        #expect(person.details.firstName == "Ada")
        #expect(person.details.lastName == "L")
    }

    @Test("Okta has a fixed place where discovery says nothing")
    func okta() async throws {
        try await bench.server.set(
            bench.place + "/v1/userinfo", #"{"sub": "sub-1", "email": "a@x.example"}"#)
        #expect(try await userinfo(bench.policy(.okta)).get()?.email == "a@x.example")
    }

    @Test(
        "an answer about another subject is refused",
        arguments: [#"{"sub":"other"}"#, "{}", #"{"sub":1}"#])
    func otherSubject(text: String) async throws {
        try await bench.discover(["userinfo_endpoint": bench.issuer + "/me"])
        try await bench.server.set(bench.place + "/me", text)
        guard case .failure(.subjectMismatch) = try await userinfo(bench.policy(.oidc)) else {
            return #expect(Bool(false), "was taken")
        }
    }

    @Test(
        "a refusal is no answer, a failure is an error",
        arguments: [400, 401, 403, 404, 408, 429, 500, 503])
    func refusals(status: Int) async throws {
        try await bench.discover(["userinfo_endpoint": bench.issuer + "/me"])
        try await bench.server.set(bench.place + "/me", "no", status: status)
        switch try await userinfo(bench.policy(.oidc)) {
        case .success(let person):
            #expect(person == nil)
            #expect([400, 401, 403, 404].contains(status))
        case .failure(let error):
            #expect(error.name == "status")
            #expect([408, 429, 500, 503].contains(status))
        }
    }

    @Test("an issuer without userinfo has no answer")
    func none() async throws {
        #expect(try await userinfo(bench.policy(.oidc)).get() == nil)
        try await bench.discover([:])
        #expect(try await userinfo(bench.policy(.oidc)).get() == nil)
    }

    @Test("the token goes to userinfo as a bearer, and never along a redirect")
    func bearer() async throws {
        let echo = bench.server.origin + "/echo"
        let response = try await bench.ask { client throws(ProviderError) in
            try await client.clerkUser(
                "user_1",
                access: ClerkAccess(apiURL: WebURL(echo) ?? Self.nowhere, secretKey: Secret("sk_1")))
        }
        // The echo is no user; that it answered at all shows that the key was sent as a field that can be sent.
        guard case .failure(.subjectMismatch) = response else {
            return #expect(Bool(false), "\(response)")
        }
        try await bench.discover(["userinfo_endpoint": bench.issuer + "/me"])
        try await bench.server.set(
            bench.place + "/me", "", status: 302, fields: ["Location": bench.place + "/other"])
        guard case .failure(let error) = try await userinfo(bench.policy(.oidc)) else {
            return #expect(Bool(false), "was followed")
        }
        #expect(error.name == "redirect_refused")
        #expect(try await bench.server.count(bench.place + "/other") == 0)
    }

    static let nowhere = WebURL("https://nothing.invalid/") ?? { preconditionFailure("a good URL") }()

    func clerk(_ id: String) async throws -> Result<LookedUpPerson?, ProviderError> {
        let api = try #require(WebURL(bench.issuer))
        return try await bench.ask { client throws(ProviderError) in
            try await client.clerkUser(id, access: ClerkAccess(apiURL: api, secretKey: Secret("sk_test")))
        }
    }

    @Test(
        "Clerk's primary e-mail counts, with its own status",
        arguments: ["verified", "unverified", "expired", ""])
    func clerkStatus(status: String) async throws {
        let verification = status.isEmpty ? "null" : #"{"status": "\#(status)"}"#
        try await bench.server.set(
            bench.place + "/v1/users/user_1",
            """
            {"id": "user_1", "first_name": "Ada", "last_name": null, "image_url": "https://img.example/a",
             "primary_email_address_id": "idn_2", "email_addresses": [
             {"id": "idn_1", "email_address": "other@x.example", "verification": {"status": "verified"}},
             {"id": "idn_2", "email_address": "main@x.example", "verification": \(verification)}]}
            """)
        let person = try #require(try await clerk("user_1").get())
        #expect(person.email == "main@x.example")
        #expect(person.isEmailVerified == (status.isEmpty ? nil : status == "verified"))
        #expect(person.details.firstName == "Ada")
        #expect(person.details.avatarURL == "https://img.example/a")
    }

    @Test("a Clerk user without a primary e-mail has none")
    func clerkNoEmail() async throws {
        try await bench.server.set(
            bench.place + "/v1/users/user_1",
            """
            {"id": "user_1", "primary_email_address_id": null, "email_addresses": [
             {"id": "idn_1", "email_address": "other@x.example", "verification": {"status": "verified"}}]}
            """)
        #expect(try await clerk("user_1").get()?.email == nil)
    }

    @Test("an unknown Clerk user is none; another user's answer and a failure are errors")
    func clerkErrors() async throws {
        #expect(try await clerk("user_unknown").get() == nil)
        try await bench.server.set(bench.place + "/v1/users/user_2", #"{"id": "user_1"}"#)
        #expect((try? await clerk("user_2").get()) == nil)
        try await bench.server.set(bench.place + "/v1/users/user_3", "no", status: 401)
        guard case .failure(let error) = try await clerk("user_3") else { return #expect(Bool(false)) }
        #expect(error.name == "status")
    }

    @Test(
        "an id that is no Clerk id is not asked for",
        arguments: ["", "..", "../x", "a/b", "a?b", "user_1%2f", "é"])
    func clerkIDs(id: String) async throws {
        #expect(try await clerk(id).get() == nil)
    }
}

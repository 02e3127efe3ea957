import Base
import Testing
import Tokens

@testable import Accounts

@Suite("Signing in at the console")
struct ConsoleSignInTests {
    /// Remembers what it was asked.
    final class Exchange: CodeExchange {
        var grants: [CodeGrant] = []
        var namesIssuer = false

        func authorizationEndpoint(of policy: IssuerPolicy) async throws(Problem) -> AuthorizationEndpoint {
            AuthorizationEndpoint(policy.issuer + "/authorize?tenant=1", namesIssuer: namesIssuer)
        }

        func exchange(_ grant: CodeGrant, at policy: IssuerPolicy) async throws(Problem) -> [Secret] {
            grants.append(grant)
            return [Secret("id"), Secret("access")]
        }
    }

    let exchange = Exchange()

    func signIn(_ configuration: ProviderConfiguration?) -> ConsoleSignIn {
        let vault = ProviderVault(keys: SealingKeys(base64: []))
        _ = vault.replace(with: ProviderConfigurations(configuration.map { [$0] } ?? []))
        return ConsoleSignIn(exchange: exchange, vault: vault, publicURL: "https://auth.example")
    }

    let okta = ProviderConfiguration(
        provider: .okta, issuer: "https://okta.example", clientID: "client&1", isActive: true)

    @Test("the browser is sent to the provider with a challenge, and keeps the key to it")
    func begins() async throws {
        let (location, ticket) = try await signIn(okta).begin(again: false)
        #expect(location.hasPrefix("https://okta.example/authorize?tenant=1&response_type=code&client_id=client%261&"))
        #expect(location.contains("redirect_uri=https%3A%2F%2Fauth.example%2Fadmin%2Fsession%2Fcallback&"))
        #expect(location.contains("state=\(ticket.state)&code_challenge=\(ticket.proofKey.challenge)&"))
        #expect(!location.contains(ticket.proofKey.verifier) && !location.contains("prompt="))
        #expect(SignInTicket(ticket.text) == ticket)
    }

    @Test("a code is exchanged with the key of the same browser")
    func finishes() async throws {
        let signIn = signIn(okta)
        let (_, ticket) = try await signIn.begin(again: true)
        let (tokens, issuer) = try await signIn.finish(code: "c", state: ticket.state, issuer: nil, ticket: ticket)
        #expect(tokens.map(\.text) == ["id", "access"] && issuer == "https://okta.example")
        #expect(exchange.grants.map(\.proofKey) == [ticket.proofKey] && exchange.grants.map(\.clientID) == ["client&1"])
    }

    @Test("another state, no ticket or an endless code is refused before the provider is asked")
    func refuses() async throws {
        let signIn = signIn(okta)
        let (_, ticket) = try await signIn.begin(again: false)
        let (_, other) = try await signIn.begin(again: false)
        for (code, state, kept) in [
            ("c", other.state, ticket), ("c", "", ticket), ("c", ticket.state, nil),
            (String(repeating: "c", count: ConsoleSignIn.longest + 1), ticket.state, ticket),
        ] {
            await #expect { try await signIn.finish(code: code, state: state, issuer: nil, ticket: kept) } throws: {
                ($0 as? Problem)?.code == .badRequest
            }
        }
        #expect(exchange.grants.isEmpty)
    }

    @Test(
        "a code is not exchanged when the answer names another issuer, or none where the provider always does",
        arguments: [
            ("https://okta.example", true, true), ("https://okta.example", false, true), (nil, false, true),
            (nil, true, false), ("", true, false), ("", false, false), ("https://okta.example/", false, false),
            ("https://evil.example", true, false), ("https://evil.example", false, false),
        ] as [(String?, Bool, Bool)])
    func issuers(_ issuer: String?, _ namesIssuer: Bool, _ isGood: Bool) async throws {
        let signIn = signIn(okta)
        exchange.namesIssuer = namesIssuer
        let (_, ticket) = try await signIn.begin(again: false)
        if isGood {
            _ = try await signIn.finish(code: "c", state: ticket.state, issuer: issuer, ticket: ticket)
        } else {
            await #expect {
                try await signIn.finish(code: "c", state: ticket.state, issuer: issuer, ticket: ticket)
            } throws: {
                ($0 as? Problem)?.code == .badRequest
            }
        }
        #expect(exchange.grants.count == (isGood ? 1 : 0))
    }

    @Test("without a provider, or one that has such a login, it does not begin")
    func can_not() async throws {
        await #expect { try await signIn(nil).begin(again: false) } throws: { ($0 as? Problem)?.code == .notFound }
        let clerk = ProviderConfiguration(
            provider: .clerk, issuer: "https://clerk.example", clientID: "x", isActive: true)
        await #expect { try await signIn(clerk).begin(again: false) } throws: { ($0 as? Problem)?.code == .conflict }
    }

    @Test(
        "a ticket that is none of ours is none",
        arguments: [
            "", "okta", "okta.x.y", "okta..", "nobody.AAAAAAAAAAAAAAAAAAAAAA.x", "okta.AAAAAAAAAAAAAAAAAAAAAA.x.y",
        ])
    func tickets(_ text: String) {
        #expect(SignInTicket(text) == nil)
    }
}

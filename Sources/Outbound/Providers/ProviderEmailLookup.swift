public import Accounts
public import Base
public import Tokens

/// The source of e-mails behind the tokens: userinfo, and for Clerk its Backend API. Belongs to its loop.
public final class ProviderEmailLookup: EmailLookup {
    private let client: ProviderClient
    private let clerk: @Sendable (IssuerPolicy) -> ClerkAccess?
    private let log: Logger

    /// A look-up over the client.
    ///
    /// - Parameter clerk: the access to a Clerk issuer's Backend API as it is configured now; nil where there is none.
    public init(
        client: ProviderClient, log: Logger, clerk: @escaping @Sendable (IssuerPolicy) -> ClerkAccess?
    ) {
        self.client = client
        self.log = log
        self.clerk = clerk
    }

    /// What the provider says; see the protocol.
    public func email(of token: VerifiedToken, bearer: Secret?) async throws(Problem) -> LookedUpPerson? {
        do throws(ProviderError) {
            switch token.provider {
            case .clerk:
                guard let access = clerk(token.trusted.policy) else { return nil }
                return try await client.clerkUser(token.subject, access: access)
            case .okta, .oidc:
                // Userinfo takes access tokens only.
                guard token.tokenClass == .access, let bearer else { return nil }
                return try await client.userinfo(
                    of: token.trusted.policy, bearer: bearer, subjects: [token.subject, token.claimedSubject])
            }
        } catch {
            log.warning(
                "email_lookup_unavailable",
                [.text("issuer", token.issuer), .text("reason", error.name)]
                    + (error.cause.map { [.text("cause", $0)] } ?? []))
            throw Problem(
                .jwksUnavailable, "The identity provider could not be asked for the e-mail address. Try again.",
                cause: error.message)
        }
    }
}

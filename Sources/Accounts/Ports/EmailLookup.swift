public import Base
public import Tokens

/// Asks a provider for the e-mail of a person whose token does not carry one. One for each loop.
public protocol EmailLookup: AnyObject {
    /// The e-mail that the issuer's userinfo endpoint or, for Clerk, its Backend API gives.
    ///
    /// - Parameters:
    ///   - token: the verified token of the login; its issuer's policy says where to ask.
    ///   - bearer: the token as it was sent, for userinfo; nil when it must not be sent on.
    /// - Returns: nil when the provider was asked and knows none, or can't be asked at all.
    /// - Throws: `jwks_unavailable` when the provider could not be reached in time.
    func email(
        of token: VerifiedToken, bearer: Secret?
    ) async throws(Problem) -> LookedUpPerson?
}

/// What a provider says about a person when asked.
public struct LookedUpPerson: Sendable, Equatable {
    /// The e-mail as the provider gives it.
    public let email: String?
    /// Whether the provider says that it is verified; nil when it says nothing.
    public let isEmailVerified: Bool?
    /// Names and so on.
    public let details: PersonDetails

    /// States what the provider says.
    public init(email: String?, isEmailVerified: Bool?, details: PersonDetails = .unknown) {
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.details = details
    }
}

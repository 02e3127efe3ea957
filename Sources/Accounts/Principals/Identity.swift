internal import Base
public import Tokens

/// Who somebody is to an identity provider: the pair of issuer and subject, and which kind of provider it is.
public struct Identity: Hashable, Sendable {
    /// The longest subject that is taken, in characters (OpenID Connect Core §2 says 255).
    public static let maximumSubject = 255

    /// The kind of provider.
    public let provider: Provider
    /// The `iss` of its tokens, exactly.
    public let issuer: String
    /// The stable id of the person there: Okta `uid` where present, else `sub`.
    public let subject: String

    /// Names an identity.
    public init(provider: Provider, issuer: String, subject: String) {
        self.provider = provider
        self.issuer = issuer
        self.subject = subject
    }

    /// The identity that a verified token speaks for.
    public init(_ token: VerifiedToken) {
        self.init(provider: token.provider, issuer: token.issuer, subject: token.subject)
    }

    /// Two identities are the same when issuer and subject are, letter by letter; the provider follows from the issuer.
    public static func == (left: Identity, right: Identity) -> Bool {
        left.subject.isSame(as: right.subject) && left.issuer.isSame(as: right.issuer)
    }

    /// Hashes subject and issuer.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(subject)
        hasher.combine(issuer)
    }
}

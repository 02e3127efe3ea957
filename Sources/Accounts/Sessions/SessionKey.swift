public import Base
public import Tokens

/// By what a session is known: one sign-in at the provider has one, however often it is told of.
public struct SessionKey: Sendable, Equatable {
    /// Whose token it is.
    public let issuer: String
    /// The token's `sid`, else its `jti`, else what tells it from the person's other tokens; at most 255 characters.
    public let key: String
    /// When the token ends.
    public let expiresAt: Timestamp

    /// The session of a token.
    public init(_ token: VerifiedToken) {
        issuer = token.issuer
        expiresAt = token.expiresAt
        let own = token.sessionID ?? token.claims["jti"]?.string
        let made = "\(token.subject) \(token.issuedAt?.microseconds ?? 0) \(token.expiresAt.microseconds)"
        let text = own.flatMap { $0.isEmpty || $0.unicodeScalars.contains("\0") ? nil : $0 } ?? made
        key = String(String.UnicodeScalarView(text.unicodeScalars.prefix(255)))
    }
}

public import Base

/// Tokens that a provider took back before they expire.
public enum Revocation: Sendable, Equatable {
    /// The tokens of one session of an issuer.
    case session(issuer: String, sessionID: String, revokedAt: Timestamp)
    /// The tokens that an issuer issued to a subject up to that moment, the same second included.
    case subject(issuer: String, subject: String, revokedBefore: Timestamp)

    /// When the tokens were taken back.
    public var moment: Timestamp {
        switch self {
        case .session(_, _, let moment), .subject(_, _, let moment): moment
        }
    }
}

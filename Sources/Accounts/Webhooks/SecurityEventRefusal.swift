public import Base

/// Why a Security Event Token is not taken.
public enum SecurityEventRefusal: Error, Sendable {
    /// The token is at fault; a code of RFC 8935 §2.4 and a sentence.
    case invalid(String, String)
    /// We are, or the issuer's key set is away: to be sent again.
    case unavailable(Problem)
}

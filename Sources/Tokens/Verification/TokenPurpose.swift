/// What a token is presented for; a token of another class is refused.
public enum TokenPurpose: Sendable, Hashable {
    /// To say who is asking: an access, ID or session token.
    case caller
    /// To tell more of the caller: an ID token.
    case identity
    /// To tell of an event: a Security Event Token (RFC 8417) whose `aud` contains one of these.
    case securityEvent(audiences: [String])
}

/// What came of verifying a token.
public enum Verdict: Sendable {
    /// Every check passed.
    case verified(VerifiedToken)
    /// A check failed.
    case rejected(TokenRejection)
    /// The issuer is known and has keys, but none with this id. Everything that can be checked without the key passed.
    case keyUnknown(issuer: String, kid: String?)
    /// The issuer is known, but its keys were never fetched or are too old to be used.
    case keysMissing(issuer: String)
}

public import Base
public import Tokens

/// What is known of a token.
public enum Authentication {
    /// It is good now.
    case verified(VerifiedToken)
    /// It is not, and why.
    case rejected(Problem)
    /// The keys of its issuer must be fetched before it can be judged.
    case needsKey(issuer: String, keyID: String?)
    /// Its signature must be looked at, which another token had done in this round of the loop.
    case needsTurn(TurnQueue)
}

internal import Accounts
internal import Base
internal import Tokens

/// What is known of a request's token from memory alone.
enum TokenAuthentication {
    /// The request carries none.
    case missing
    /// It is good now.
    case verified(VerifiedToken)
    /// It is not, and why.
    case rejected(TokenRejection)
    /// Its issuer's keys must be fetched first.
    case needsKey(token: [UInt8], issuer: String, keyID: String?)
}

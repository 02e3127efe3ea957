public import Tokens

/// Verifies Security Event Tokens. One a loop.
public protocol SecurityEventVerifier: AnyObject {
    /// The token, if a configured issuer signed it and it is meant for us.
    func verify(_ token: [UInt8]) async throws(SecurityEventRefusal) -> VerifiedToken
}

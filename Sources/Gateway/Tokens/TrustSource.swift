public import Tokens

/// Where the issuers and their keys come from; shared by all loops.
public protocol TrustSource: AnyObject, Sendable {
    /// The issuers and keys as they are now. Asked for on every request: a load, nothing more.
    var current: TrustStore { get }
    /// The issuers and keys as they are now, where a fetch would be in vain: the key is there, or its issuer was asked a
    /// moment ago. Nil where ``refresh(issuer:keyID:)`` may help.
    func settled(issuer: String, keyID: String?) -> TrustStore?
    /// Fetches an issuer's keys where that may help, at most as often as the limits allow. On any loop's task.
    func refresh(issuer: String, keyID: String?) async
}

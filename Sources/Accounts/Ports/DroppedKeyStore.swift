public import Base
public import Tokens

/// Where administrators take keys of identity providers out. Every call is one transaction as the caller: row security
/// decides.
public protocol DroppedKeyStore: AnyObject {
    /// The issuer of a configured provider and what was taken out of its keys, the latest first.
    ///
    /// - Throws: `not_found` for a provider that is not configured.
    func droppedKeys(_ caller: Caller, of provider: ProviderName) async throws(Problem) -> (
        issuer: String, keys: [DroppedKey]
    )

    /// Takes a key out; one that is out already stays as it is.
    func drop(
        _ caller: Caller, _ provider: ProviderName, keyID: String, reason: String?
    ) async throws(Problem) -> DroppedKey

    /// Lets a key in again, and gives its issuer.
    ///
    /// - Throws: `not_found` for a key that is not out.
    func restore(_ caller: Caller, _ provider: ProviderName, keyID: String) async throws(Problem) -> String
}

/// The keys that tokens are verified with at the moment, on this instance.
public protocol IssuerKeyring: Sendable {
    /// The issuer's keys as they are now; nil while there are none, or where the issuer is not trusted.
    func keys(of issuer: String) -> KeySet?
    /// How long ago they were fetched.
    func age(of issuer: String) -> Duration?
    /// Takes a key out on this instance at once; the others hear of it.
    func dropKey(issuer: String, kid: String) async
    /// Lets a key in again on this instance at once.
    func restoreKey(issuer: String, kid: String) async
}

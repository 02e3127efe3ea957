public import Tokens
public import Base

/// A key set as it came from its issuer.
public struct FetchedKeySet: Sendable {
    /// The keys, read.
    public let keys: KeySet
    /// Where they came from.
    public let url: WebURL
    /// How long the issuer says that they may be kept; nil where it says nothing.
    public let lifetime: Duration?
    /// The `Date` of the answer.
    public let date: Timestamp?
    /// How long the last request took.
    public let timings: FetchTimings
}

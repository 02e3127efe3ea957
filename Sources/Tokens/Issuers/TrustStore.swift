internal import Base

/// All issuers that are trusted, with their keys: a snapshot that never changes.
///
/// A key is only ever looked for in the set of the token's own issuer.
public final class TrustStore: Sendable {
    /// The version of the configuration; grows with each change.
    public let version: UInt64
    /// The generation of the keys; grows with each change of any issuer's keys.
    public let generation: UInt64

    private let issuers: [String: TrustedIssuer]

    /// A snapshot of the given issuers; of two with the same `iss` the later one counts.
    public init(version: UInt64, generation: UInt64, issuers: [TrustedIssuer]) {
        self.version = version
        self.generation = generation
        self.issuers = Dictionary(issuers.map { ($0.policy.issuer, $0) }, uniquingKeysWith: { $1 })
    }

    /// Trusts nobody.
    public static let empty = TrustStore(version: 0, generation: 0, issuers: [])

    /// The issuer with exactly this `iss`.
    public func issuer(_ name: String) -> TrustedIssuer? {
        guard let found = issuers[name], found.policy.issuer.isSame(as: name) else { return nil }
        return found
    }

    /// All issuers, in the order of their names.
    public var all: [TrustedIssuer] { issuers.values.sorted { $0.policy.issuer < $1.policy.issuer } }

    /// The same issuers with other keys for one of them; the same snapshot where nothing changes.
    public func replacingKeys(of issuer: String, by keys: KeySet?) -> TrustStore {
        guard let old = issuers[issuer], old.keys != keys else { return self }
        let fresh = TrustedIssuer(policy: old.policy, keys: keys)
        return TrustStore(
            version: version, generation: generation + 1,
            issuers: issuers.values.map { $0 === old ? fresh : $0 })
    }
}

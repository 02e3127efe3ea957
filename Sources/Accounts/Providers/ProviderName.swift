public import Tokens

/// What a configured provider is called: `okta`, `clerk`, `oidc`, or `oidc-` and a name of its own, so that there may be
/// many OpenID Connect issuers.
public struct ProviderName: Sendable, Hashable, RawRepresentable {
    /// The kind of provider, whose rules its tokens follow.
    public let kind: Provider
    /// The name as it stands in paths and in the database.
    public let rawValue: String

    /// What comes behind `oidc-`: one to 48 of `a–z`, `0–9` and `-`, neither first nor last a `-`.
    static let longestSuffix = 48
    /// The names, as a regular expression.
    public static let pattern = "^(okta|clerk|oidc(-[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?)?)$"

    /// Okta.
    public static let okta = ProviderName(.okta)
    /// Clerk.
    public static let clerk = ProviderName(.clerk)
    /// The OpenID Connect issuer without a name of its own.
    public static let oidc = ProviderName(.oidc)

    private init(kind: Provider, rawValue: String) {
        self.kind = kind
        self.rawValue = rawValue
    }

    /// The one provider of its kind that has no name of its own.
    public init(_ kind: Provider) {
        self.init(kind: kind, rawValue: kind.rawValue)
    }

    /// Nil for what is no provider's name.
    public init?(rawValue: String) {
        if let kind = Provider(rawValue: rawValue) {
            self.init(kind)
            return
        }
        let prefix = "oidc-"
        guard rawValue.hasPrefix(prefix) else { return nil }
        let suffix = rawValue.utf8.dropFirst(prefix.utf8.count)
        let hyphen = UInt8(ascii: "-")
        guard (1...Self.longestSuffix).contains(suffix.count), suffix.first != hyphen, suffix.last != hyphen,
            suffix.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
        else { return nil }
        self.init(kind: .oidc, rawValue: rawValue)
    }

    /// A sentence for whoever gave something else.
    public static let expectation =
        "A provider is okta, clerk, oidc, or oidc- and a name in lower case, such as oidc-acme."
}

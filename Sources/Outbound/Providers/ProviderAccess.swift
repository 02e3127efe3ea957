internal import Tokens

/// Where identity providers may be looked for, the same for all of them.
public struct ProviderAccess: Sendable, Hashable {
    /// Whether `http://` is spoken with this machine, and its addresses are allowed at all: development only.
    public var allowsLoopbackHTTP: Bool
    /// Whether a provider may have a private address, for one that runs in the same network.
    public var allowsPrivateAddresses: Bool
    /// Time and room of one operation.
    public var limits = FetchLimits.identityProvider

    /// The rules; the strict ones by default.
    public init(allowsLoopbackHTTP: Bool = false, allowsPrivateAddresses: Bool = false) {
        self.allowsLoopbackHTTP = allowsLoopbackHTTP
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }

    /// Where connections may go.
    public var addresses: AddressRule {
        allowsPrivateAddresses ? .any : allowsLoopbackHTTP ? .publicOrLoopback : .publicOnly
    }

    /// Whether the URL's scheme is allowed for its host.
    func allows(_ url: WebURL) -> Bool {
        url.scheme == .https || (allowsLoopbackHTTP && url.namesLoopback)
    }

    /// The issuer's own URL.
    func issuer(of policy: IssuerPolicy) throws(ProviderError) -> WebURL {
        guard let url = WebURL(policy.issuer), !url.target.utf8.contains(UInt8(ascii: "?")) else {
            throw .invalidURL("issuer", policy.issuer)
        }
        guard allows(url) else { throw .refusedURL("issuer", url) }
        return url
    }

    /// A URL that a provider names itself: on the issuer's host under the issuer's scheme or a better one; on another
    /// host only `https`.
    func endpoint(_ name: String, _ text: String, of issuer: WebURL) throws(ProviderError) -> WebURL {
        guard let url = WebURL(text) else { throw .invalidURL(name, text) }
        let isDowngrade = url.scheme == .http && (issuer.scheme == .https || url.host != issuer.host)
        guard !isDowngrade, allows(url) else { throw .refusedURL(name, url) }
        return url
    }
}

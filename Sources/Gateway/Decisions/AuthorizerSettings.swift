public import Accounts

/// What the operator decided about the authorizer.
public struct AuthorizerSettings: Sendable {
    /// Who may ask.
    public var proxies: TrustedProxies
    /// Cookies besides `__session` that may carry the token.
    public var cookies: [String]
    /// Who may call what.
    public var routes: RouteRules

    /// Settings from their parts.
    public init(proxies: TrustedProxies, cookies: [String] = [], routes: RouteRules = .none) {
        self.proxies = proxies
        self.cookies = cookies
        self.routes = routes
    }
}

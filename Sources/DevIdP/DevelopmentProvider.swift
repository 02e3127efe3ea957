public import Base
public import HTTP

/// An identity provider for development and tests: it vouches for anybody, so it must never be reached from outside.
///
/// One process plays an Okta custom authorization server (`/okta/oauth2/default`), an Okta org server (`/okta`), a
/// Clerk instance with its Backend API (`/clerk`, `/clerk-api`) and a plain OIDC issuer (`/oidc`), each with keys of
/// its own. Confined to the loop that serves it.
public final class DevelopmentProvider {
    let settings: DevIdPSettings
    let clock: Clock
    let keys: KeyStore
    var people = PeopleSeen()
    var codes = AuthorizationCodes()

    /// Makes the provider, with the keys of its file where there is one.
    ///
    /// - Throws: ``DevIdPError`` when the file of keys can't be used, or OpenSSL makes no key.
    public init(settings: DevIdPSettings, clock: Clock = .system) throws(DevIdPError) {
        self.settings = settings
        self.clock = clock
        keys = try KeyStore(file: settings.keysFile)
    }

    /// Everything it answers, for a `Router`.
    public var routes: [Route] {
        mintingRoutes + Issuer.allCases.flatMap(discoveryRoutes) + Issuer.allCases.flatMap(loginRoutes) + backendRoutes
    }

    /// Binds a socket on the loopback interface.
    ///
    /// - Parameter address: `host:port`, the host a loopback address or `localhost`.
    /// - Throws: ``DevIdPError`` for any other host, and where the port can't be had.
    public static func listen(_ address: String) throws(DevIdPError) -> Listener {
        guard let colon = address.lastIndex(of: ":") else {
            throw DevIdPError("\(address): host:port is needed, as 127.0.0.1:9000")
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.lowercased() == "localhost" { host = "127.0.0.1" }
        guard let parsed = IPAddress(host), parsed.isLoopback else {
            throw DevIdPError(
                "\(address): the development IdP vouches for anybody, so it listens on loopback only; use 127.0.0.1:9000"
            )
        }
        do {
            return try Listener.bind((parsed.isV4 ? host : "[\(host)]") + address[colon...])
        } catch {
            throw DevIdPError(error.description)
        }
    }
}

extension IPAddress {
    /// Whether it is in 127.0.0.0/8, or `::1`.
    var isLoopback: Bool {
        isV4 ? bytes.first == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }
}

/// The parts of an issuer's URL that matter to the configuration (OpenID Connect Core §2, `iss`).
public struct IssuerURL: Sendable {
    /// Whether it is `https`.
    public let isSecure: Bool
    /// Whether its host is this machine.
    public let isLoopback: Bool
    /// The longest that is taken, in bytes.
    public static let longest = 1024

    /// Nil when it is no absolute http(s) URL, or has a query, a fragment, user data or white space.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let rest: Substring
        if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst("https://".count)
        } else if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst("http://".count)
        } else {
            return nil
        }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || "?#@\\".utf8.contains($0) }) else { return nil }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty else { return nil }
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
        } else {
            host = authority.prefix { $0 != ":" }
        }
        guard !host.isEmpty else { return nil }
        isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}

extension IssuerURL {
    /// What is wrong with an issuer's URL, as a sentence's end; nil when it may be used.
    ///
    /// - Parameter allowsHTTP: whether `http` is spoken with this machine.
    public static func problem(_ text: String, allowsHTTP: Bool) -> String? {
        guard let url = IssuerURL(text) else {
            return "must be a URL without query or fragment, e.g. https://example.okta.com/oauth2/default"
        }
        if url.isSecure { return nil }
        if !allowsHTTP {
            return "must be https; for development set VESTIBULE_IDP_ALLOW_HTTP=true and use a loopback host"
        }
        return url.isLoopback ? nil : "http is allowed on loopback hosts only; use https"
    }
}

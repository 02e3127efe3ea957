/// The parts of an issuer's URL that matter to the configuration (OpenID Connect Core §2, `iss`).
struct IssuerURL {
    /// Whether it is `https`.
    let isSecure: Bool
    /// Whether its host is this machine.
    let isLoopback: Bool

    /// Nil when it is no absolute http(s) URL, or has a query, a fragment, user data or white space.
    init?(_ text: String) {
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

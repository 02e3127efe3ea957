/// The cookies of the console: the token of the person who signed in, and what a sign-in keeps while it lasts.
///
/// Under TLS their names begin with `__Host-`, so that no other host, and nobody on the way, can set them
/// (RFC 6265bis §4.1.3.2). Neither can be read by a script.
public struct ConsoleCookies: Sendable {
    private let prefix: String
    private let secure: String

    /// The most that browsers keep of one cookie, less room for its name (RFC 6265 §6.1).
    static let longestToken = 4000
    /// Seconds that a sign-in may take.
    static let signInTime: Int64 = 600

    /// - Parameter publicURL: where browsers reach the service.
    public init(publicURL: String) {
        let isTLS = publicURL.hasPrefix("https://")
        prefix = isTLS ? "__Host-" : ""
        secure = isTLS ? "; Secure" : ""
    }

    /// The cookie that holds the token.
    public var tokenName: String { prefix + "vestibule" }
    var ticketName: String { prefix + "vestibule_login" }

    /// Sent with requests of the console's own pages only.
    func token(_ token: String, seconds: Int64) -> String {
        "\(tokenName)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)"
    }

    /// Sent also when the provider sends the browser back, which is another site's doing.
    func ticket(_ ticket: String) -> String {
        "\(ticketName)=\(ticket); Path=/; Max-Age=\(Self.signInTime); HttpOnly; SameSite=Lax\(secure)"
    }

    var noToken: String { "\(tokenName)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict\(secure)" }
    var noTicket: String { "\(ticketName)=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\(secure)" }
}

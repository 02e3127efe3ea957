/// How much time and room one request gets.
public struct FetchLimits: Sendable, Hashable {
    /// From the first look-up to the last byte, redirects included; nil waits for ever (Lambda's long poll).
    public var total: Duration?
    /// From the first look-up until the connection stands, TLS included.
    public var connect: Duration
    /// The largest body, in bytes; the transfer is cut at the byte after it.
    public var bodyBytes: Int
    /// The largest head, in bytes, all interim answers included.
    public var headBytes: Int

    /// The limits of CONTRACT §3 for what an identity provider publishes: 3 s and 256 KiB.
    public static let identityProvider = FetchLimits()

    /// Limits for one request.
    public init(
        total: Duration? = .seconds(3), connect: Duration = .seconds(2), bodyBytes: Int = 256 * 1024,
        headBytes: Int = 32 * 1024
    ) {
        self.total = total
        self.connect = connect
        self.bodyBytes = bodyBytes
        self.headBytes = headBytes
    }
}

/// How long the steps of a request took, each from the step before; nil when it was not reached or not needed.
public struct FetchTimings: Sendable, Hashable {
    /// The look-up of the name; nil on a reused connection.
    public var dns: Duration?
    /// The TCP connection; nil on a reused one.
    public var connect: Duration?
    /// The TLS handshake; nil without TLS and on a reused connection.
    public var tls: Duration?
    /// From the request to the first byte of the answer.
    public var firstByte: Duration?
    /// Everything, redirects included.
    public var total: Duration

    /// Timings with nothing reached.
    public init(
        dns: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil, firstByte: Duration? = nil,
        total: Duration = .zero
    ) {
        self.dns = dns
        self.connect = connect
        self.tls = tls
        self.firstByte = firstByte
        self.total = total
    }
}

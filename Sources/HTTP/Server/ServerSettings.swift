/// Time and size limits of a server. The times are totals from beginning to end, so that sending a byte now and then
/// holds nothing open.
public struct ServerSettings: Sendable, Equatable {
    /// How large requests may be.
    public var limits: RequestLimits
    /// For a head to come whole, from its first byte, or from the connection's beginning.
    public var headTime: Duration
    /// For a body to come whole, from the end of its head.
    public var bodyTime: Duration
    /// For which a connection stays open between requests.
    public var idleTime: Duration
    /// For the peer to take everything that waits to be sent.
    public var writeTime: Duration
    /// For which a refused connection is read and dropped, so that the peer gets the answer and not a reset.
    public var lingerTime: Duration
    /// Requests of one loop whose answers may be outstanding; beyond it 503 `overloaded`.
    public var inFlight: Int
    /// Connections of one loop; beyond it no more are accepted until some end.
    public var connections: Int
    /// Requests answered on one connection before it is closed, so that clients spread anew over instances.
    public var requestsPerConnection: Int

    /// The product's settings, unless said otherwise.
    public init(
        limits: RequestLimits = RequestLimits(), headTime: Duration = .seconds(10), bodyTime: Duration = .seconds(30),
        idleTime: Duration = .seconds(75), writeTime: Duration = .seconds(30), lingerTime: Duration = .seconds(2),
        inFlight: Int = 1024, connections: Int = 16384, requestsPerConnection: Int = .max
    ) {
        self.limits = limits
        self.headTime = headTime
        self.bodyTime = bodyTime
        self.idleTime = idleTime
        self.writeTime = writeTime
        self.lingerTime = lingerTime
        self.inFlight = inFlight
        self.connections = connections
        self.requestsPerConnection = requestsPerConnection
    }
}

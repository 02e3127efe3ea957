public import Base

/// The HTTP/1.1 server of one loop (RFC 9110, RFC 9112). All loops' servers share one ``Listener``.
public final class Server {
    /// The loop it runs on.
    public let loop: EventLoop

    /// A server that does nothing until ``start()``.
    public init(loop: EventLoop, listener: Listener, handler: any Handler, settings: ServerSettings = ServerSettings())
    {
        self.loop = loop
    }

    /// Begins to accept connections. On the loop's thread, or before it runs.
    public func start() throws(SystemError) {
    }

    /// Stops accepting, closes idle connections, lets what is in flight finish, then calls `done`; what is not done by
    /// the deadline is cut.
    public func drain(deadline: Duration, done: @escaping () -> Void) {
    }
}

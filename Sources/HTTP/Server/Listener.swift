internal import CLinux
internal import Glibc

/// A listening socket, shared by the servers of all loops.
public struct Listener: Sendable {
    let descriptor: Int32
    /// The port it listens on; the one the system chose where 0 was asked for.
    public let port: UInt16
    /// `address:port` as it is bound.
    public let address: String
    let seats = Seats()

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - address: `host:port`, `[v6]:port` or `:port` for every address; the host may be a name.
    ///   - backlog: connections that may wait to be accepted.
    /// - Throws: ``ListenError`` with a sentence that says what to change.
    public static func bind(_ address: String, backlog: Int32 = 4096) throws(ListenError) -> Listener {
        let (host, port) = try split(address)
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host.isEmpty ? nil : host, port, &hints, &list)
        defer { unsafe freeaddrinfo(list) }
        guard code == 0, let first = unsafe list else {
            throw ListenError("\(address): the host name can't be resolved")
        }
        let descriptor = vst_socket_stream(unsafe first.pointee.ai_family)
        guard descriptor >= 0 else { throw ListenError("\(address): \(words(errno))") }
        var one: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        // Inherited by every accepted connection: an answer goes out at once.
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        guard unsafe Glibc.bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            listen(descriptor, backlog) == 0
        else {
            let reason = errno
            Glibc.close(descriptor)
            throw ListenError("\(address): \(advice(reason))")
        }
        let bound = SocketAddress.local(of: descriptor)
        return Listener(descriptor: descriptor, port: bound.port, address: bound.text)
    }

    /// Lets nobody in who begins to connect from now on: they try again, and are refused once the listener is closed.
    /// Whoever is connecting already comes in. To be called a round trip before the servers drain, so that no connection
    /// is left in the queue, whose client would take it for accepted.
    public func turnAway() {
        // Where the system can't, a connection of this very moment may be reset.
        _ = vst_drop_connects(descriptor)
    }

    /// Stops listening: new connections are refused by the system. Once, after every server has drained or stopped.
    public func close() {
        Glibc.close(descriptor)
    }

    private static func split(_ address: String) throws(ListenError) -> (host: String, port: String) {
        guard let colon = address.lastIndex(of: ":") else {
            throw ListenError("\(address): host:port is needed, as 127.0.0.1:8080")
        }
        var host = String(address[..<colon])
        let port = String(address[address.index(after: colon)...])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw ListenError("\(address): an IPv6 address is written in brackets, as [::1]:8080")
        }
        guard !port.isEmpty, port.utf8.allSatisfy(Octet.isDigit), UInt16(port) != nil else {
            throw ListenError("\(address): the port must be a number from 0 to 65535")
        }
        return (host == "*" ? "" : host, port)
    }

    private static func advice(_ code: Int32) -> String {
        switch code {
        case EADDRINUSE: "the port is taken by another process; choose another or stop that one"
        case EACCES: "no permission for this port; ports below 1024 need CAP_NET_BIND_SERVICE"
        case EADDRNOTAVAIL: "this machine has no such address"
        default: words(code)
        }
    }

    private static func words(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// Why an address can't be listened on.
public struct ListenError: Error, Sendable, CustomStringConvertible {
    /// A sentence with the address and what to change.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

internal import Base

extension ConnectionURI {
    /// The hosts to which the connection leaves this machine without `sslmode=verify-full`: whoever is on the way can
    /// read it, or be the server. Empty where there are none.
    public var unprotectedHosts: [String] {
        let mode = self["sslmode"] ?? Self.environment("sslmode")
        if mode == "verify-full" { return [] }
        return targets.filter { !$0.isHere }.map { $0.host.isEmpty ? $0.address : $0.host }
    }
}

extension ConnectionURI.Target {
    /// Whether the server is on this machine: a socket, or a loopback address.
    fileprivate var isHere: Bool {
        if !address.isEmpty { return IPAddress(address)?.isLoopback == true }
        return host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost"
            || IPAddress(host)?.isLoopback == true
    }
}

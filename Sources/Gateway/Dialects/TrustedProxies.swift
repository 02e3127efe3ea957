public import Base
public import HTTP

/// The peers that may ask the authorizer and name a client's address.
public struct TrustedProxies: Sendable {
    private let networks: [CIDR]

    /// Trusts the peers in the given networks and no others.
    public init(_ networks: [CIDR]) {
        self.networks = networks
    }

    /// Whether the address belongs to a gateway.
    public func contains(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// Lets only a gateway ask.
    ///
    /// - Throws: `forbidden` for anybody else.
    public func require(_ peer: IPAddress) throws(Problem) {
        guard contains(peer) else {
            throw Problem(
                .forbidden, "Only a gateway may ask here; add its address to VESTIBULE_TRUSTED_PROXIES.",
                cause: "peer \(peer)")
        }
    }

    /// Whose request it is: the rightmost `X-Forwarded-For` entry that is no trusted proxy, when the peer is one.
    ///
    /// Entries further left were written by whoever is out there. An entry that is no address ends the search at
    /// the last one that could be read.
    public func clientAddress(of request: Request) -> IPAddress {
        guard contains(request.peer) else { return request.peer }
        let entries = request.fields(.xForwardedFor).flatMap { $0.split(separator: ",") }
        var client = request.peer
        for entry in entries.reversed() {
            guard let address = IPAddress(Self.bare(entry)) else { return client }
            client = address
            if !contains(address) { return client }
        }
        return client
    }

    /// The address without white space, brackets and port.
    private static func bare(_ entry: Substring) -> String {
        let text = entry.filter { $0 != " " && $0 != "\t" }
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return text.filter { $0 == ":" }.count == 1 ? String(text.prefix { $0 != ":" }) : text
    }
}

public import Base
internal import Glibc

/// The address and port of a DNS server.
public struct DNSServer: Sendable, Hashable, CustomStringConvertible {
    /// Its address.
    public let address: IPAddress
    /// Its port, for UDP and TCP.
    public let port: UInt16

    /// A server.
    public init(address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }

    /// Reads `host:port`, `host`, `[v6]:port` or `v6`. A name is resolved here and now, which may block: for use at
    /// start only.
    ///
    /// - Throws: ``DNSError/invalidServer(_:)``.
    public init(_ text: String) throws(DNSError) {
        var host = text[...]
        var port: UInt16 = 53
        if let address = IPAddress(text) {
            self.init(address: address)
            return
        }
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let number = UInt16(text[colon...].dropFirst()), number > 0, text[colon...].dropFirst().first != "+"
            else { throw .invalidServer(text) }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard let address = IPAddress(host.dropFirst().dropLast()), !address.isV4 else {
                throw .invalidServer(text)
            }
            self.init(address: address, port: port)
            return
        }
        guard let address = IPAddress(host) ?? Self.resolve(String(host)) else { throw .invalidServer(text) }
        self.init(address: address, port: port)
    }

    /// `address:port`, an IPv6 address in brackets.
    public var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    private static func resolve(_ host: String) -> IPAddress? {
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, nil, &list) == 0, let first = unsafe list else { return nil }
        defer { unsafe freeaddrinfo(first) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return IPAddress(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}

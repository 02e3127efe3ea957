/// An absolute `http` or `https` URL, read so strictly that no two parsers can differ about it (RFC 3986).
///
/// No user information, no fragment, no backslash, nothing but ASCII; a name outside ASCII is given in its IDNA form.
public struct WebURL: Hashable, Sendable, CustomStringConvertible {
    /// How the host is spoken to.
    public enum Scheme: String, Sendable {
        /// Without encryption: development only.
        case http
        /// Over TLS.
        case https

        var port: UInt16 { self == .https ? 443 : 80 }
    }

    /// The longest text that is read, in bytes.
    public static let maximumLength = 2048

    /// How the host is spoken to.
    public let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port, also when the text leaves it out.
    public let port: UInt16
    /// Path and query as given; `/` when there is none.
    public let target: String

    /// Reads a URL; nil when it is anything but what the type promises.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let scheme = Scheme(rawValue: text[..<colon].lowercased())
        else { return nil }
        let afterScheme = text[colon...].dropFirst()
        guard afterScheme.hasPrefix("//") else { return nil }
        let rest = afterScheme.dropFirst(2)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]), rest[end...].utf8.allSatisfy(Self.isTargetByte),
            Self.hasWholeEscapes(rest[end...])
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.port
        let target = String(rest[end...])
        self.target = target.isEmpty ? "/" : target.hasPrefix("?") ? "/" + target : target
    }

    /// The URL's one spelling: lower-case scheme and host, no default port.
    public var description: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(name)\(port == scheme.port ? "" : ":\(port)")\(target)"
    }

    /// Whether scheme, host and port are the same (RFC 6454 §5).
    public func hasSameOrigin(as other: WebURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether the host is this machine by its spelling alone: `localhost`, `127.0.0.0/8` or `::1`.
    public var namesLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func authority(_ text: Substring) -> (host: String, port: UInt16?)? {
        var host = text
        var port: UInt16?
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let after = text[close...].dropFirst()
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            host = text[..<close].dropFirst()
            guard host.utf8.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }),
                host.utf8.contains(UInt8(ascii: ":"))
            else { return nil }
            if !after.isEmpty {
                guard let number = self.port(after.dropFirst()) else { return nil }
                port = number
            }
        } else {
            if let colon = text.firstIndex(of: ":") {
                guard let number = self.port(text[colon...].dropFirst()) else { return nil }
                port = number
                host = text[..<colon]
            }
            guard host.utf8.allSatisfy(isNameByte), !host.hasPrefix("."), !host.hasPrefix("-") else { return nil }
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        return (host.lowercased(), port)
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(text), number > 0
        else { return nil }
        return number
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    /// RFC 3986 §3.3 and §3.4: `pchar`, `/` and `?`.
    private static func isTargetByte(_ byte: UInt8) -> Bool {
        if isNameByte(byte) { return true }
        switch byte {
        case UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"),
            UInt8(ascii: "/"), UInt8(ascii: "?"):
            return true
        default: return false
        }
    }

    private static func hasWholeEscapes(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.allSatisfy { index in
            bytes[index] != UInt8(ascii: "%")
                || (index + 2 < bytes.count && isHexDigit(bytes[index + 1]) && isHexDigit(bytes[index + 2]))
        }
    }
}

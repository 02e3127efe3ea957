/// Why a DNS look-up has no result.
public enum DNSError: Error, Sendable, Hashable {
    /// The text is no domain name.
    case invalidName
    /// The configured server is no address with a port, and its name has no address.
    case invalidServer(String)
    /// No server answered in time.
    case timeout
    /// The servers can't answer now, or refuse to.
    case serverFailure(String)
    /// The answer can't be read.
    case malformed
    /// Too many look-ups are under way.
    case busy
    /// The resolver was closed, or the caller gave up.
    case cancelled

    /// A sentence for a person.
    public var message: String {
        switch self {
        case .invalidName: "This is not a domain name."
        case .invalidServer(let text): "The DNS server \(text) is not an address with a port."
        case .timeout: "No DNS server answered in time."
        case .serverFailure(let words): "DNS can't answer now: \(words)."
        case .malformed: "The DNS answer could not be read."
        case .busy: "Too many DNS look-ups are under way."
        case .cancelled: "The DNS look-up was given up."
        }
    }
}

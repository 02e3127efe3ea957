internal import Glibc

/// Names of hosts and their addresses.
enum HostNames {
    /// The most addresses of one name that are tried.
    static let limit = 8

    /// Whether the text is an IPv4 or IPv6 address, perhaps with a zone.
    static func isNumeric(_ host: String) -> Bool {
        var address = in6_addr()
        if unsafe inet_pton(AF_INET, host, &address) == 1 { return true }
        let withoutZone = String(host.split(separator: "%", maxSplits: 1).first ?? "")
        return unsafe inet_pton(AF_INET6, withoutZone, &address) == 1
    }

    /// Asks the system's resolver. Blocks: for the helper thread only.
    static func resolve(_ host: String) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [String] = []
        var next = unsafe list
        while let entry = unsafe next, addresses.count < limit {
            if let text = unsafe numeric(entry), !addresses.contains(text) { addresses.append(text) }
            unsafe next = unsafe entry.pointee.ai_next
        }
        return addresses
    }

    private static func numeric(_ entry: UnsafeMutablePointer<addrinfo>) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer -> String? in
            guard let text = buffer.baseAddress,
                unsafe getnameinfo(
                    entry.pointee.ai_addr, entry.pointee.ai_addrlen, text, socklen_t(NI_MAXHOST), nil, 0, NI_NUMERICHOST
                )
                    == 0
            else { return nil }
            return unsafe String(cString: text)
        }
    }
}

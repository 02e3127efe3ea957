internal import CPostgres

/// Where the database is and how to log in: a libpq URI or keyword string, taken apart and checked.
///
/// Holds the password; prints without it.
public struct ConnectionURI: Sendable, CustomStringConvertible {
    /// One server of the list.
    struct Target: Sendable, Equatable {
        /// A name, an address, or a socket's directory; empty for libpq's own default.
        var host: String
        /// The numeric address, where it is known; empty otherwise.
        var address: String
        var port: String

        /// Whether a resolver must be asked before connecting.
        var needsResolution: Bool {
            address.isEmpty && !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@")
                && !HostNames.isNumeric(host)
        }
    }

    /// Why a text is no connection URI, in libpq's words, without the text itself.
    public struct Invalid: Error, Sendable, CustomStringConvertible {
        /// A sentence without any part of the URI that could be secret.
        public let description: String
    }

    let targets: [Target]
    /// All other settings, as given.
    let settings: [(keyword: String, value: String)]
    /// `target_session_attrs`; nil for any server.
    let sessionAttributes: String?

    /// Takes `postgresql://user:password@host1:port1,host2:port2/name?settings` or `host=… dbname=…` apart.
    ///
    /// - Throws: ``Invalid`` when libpq can't read it or the lists of hosts, addresses and ports have different lengths.
    public init(_ text: String) throws(Invalid) {
        if text.utf8.contains(0) { throw Invalid(description: "the database URI holds a NUL character") }
        var given = try Self.parse(text)
        for keyword in ["host", "hostaddr", "port"] where given[keyword] == nil {
            given[keyword] = Self.environment(keyword)
        }
        targets = try Self.targets(
            hosts: given["host"] ?? "", addresses: given["hostaddr"] ?? "", ports: given["port"] ?? "")
        sessionAttributes = given["target_session_attrs"].flatMap { $0 == "any" || $0.isEmpty ? nil : $0 }
        let apart: Set<String> = ["host", "hostaddr", "port", "target_session_attrs"]
        settings = given.filter { !apart.contains($0.key) && !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// User, servers and database; never the password.
    public var description: String {
        let user = self["user"].map { "\($0)@" } ?? ""
        let servers = targets.map { target in
            let host = target.host.isEmpty ? target.address : target.host
            return target.port.isEmpty ? host : "\(host):\(target.port)"
        }
        return "postgresql://\(user)\(servers.joined(separator: ","))/\(self["dbname"] ?? "")"
    }

    subscript(_ keyword: String) -> String? {
        settings.first { $0.keyword == keyword }?.value
    }

    private static func parse(_ text: String) throws(Invalid) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &message) else {
            let words = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
            unsafe PQfreemem(message)
            // libpq quotes the offending text, which may be the password: only its first words are kept.
            let safe = words.split(separator: "\"", maxSplits: 1).first ?? ""
            throw Invalid(description: "the database URI can't be read: \(String(safe).trimmed)")
        }
        defer { unsafe PQconninfoFree(options) }
        return unsafe values(options)
    }

    /// What libpq would take from the environment or as built in.
    static func environment(_ keyword: String) -> String? {
        guard let options = unsafe PQconndefaults() else { return nil }
        defer { unsafe PQconninfoFree(options) }
        return unsafe values(options)[keyword]
    }

    private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe values[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return values
    }

    private static func targets(hosts: String, addresses: String, ports: String) throws(Invalid) -> [Target] {
        func list(_ text: String) -> [String] {
            text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
        }
        let hosts = list(hosts)
        let addresses = list(addresses)
        let ports = list(ports)
        let count = max(hosts.count, addresses.count)
        func fits(_ list: [String]) -> Bool { list.count == count || list == [""] }
        guard fits(hosts), fits(addresses), ports.count == count || ports.count <= 1 else {
            throw Invalid(description: "the database URI lists a different number of hosts, addresses and ports")
        }
        for port in ports where !port.isEmpty {
            guard let number = UInt16(port), number > 0 else {
                throw Invalid(description: "the database URI has a port that is no number from 1 to 65535")
            }
        }
        return (0..<max(1, count)).map { position in
            Target(
                host: position < hosts.count ? hosts[position] : "",
                address: position < addresses.count ? addresses[position] : "",
                port: ports.count == 1 ? ports[0] : position < ports.count ? ports[position] : "")
        }
    }
}

extension String {
    /// Without spaces and line ends around it.
    var trimmed: String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" }
        guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}

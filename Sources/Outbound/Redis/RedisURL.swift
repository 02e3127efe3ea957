internal import Base

/// Where a Redis server is: `redis://[[user]:password@]host[:port][/database]` or `unix:///path[?db=N]`.
public struct RedisURL: Sendable {
    enum Place: Sendable, Equatable {
        case network(host: String, port: Int)
        case socket(path: String)
    }

    let place: Place
    let user: String?
    let password: Secret?
    let database: Int

    /// Reads a URL.
    ///
    /// - Throws: ``RedisURLError``, which never holds the password.
    public init(_ text: String) throws(RedisURLError) {
        if text.hasPrefix("unix://") {
            let parts = text.dropFirst(7).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0].hasPrefix("/"), !parts[0].contains("\0") else {
                throw RedisURLError("unix:// needs the path of a socket, as in unix:///run/redis.sock")
            }
            place = .socket(path: String(parts[0]))
            (user, password) = (nil, nil)
            database = try Self.database(parts.count > 1 ? parts[1].dropFirst(parts[1].hasPrefix("db=") ? 3 : 0) : "")
            return
        }
        if text.hasPrefix("rediss://") {
            throw RedisURLError("TLS to Redis is not supported; use a tunnel such as stunnel, or a private network")
        }
        guard text.hasPrefix("redis://") else { throw RedisURLError("must begin with redis:// or unix://") }
        let rest = text.dropFirst(8)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        database = try Self.database(rest.dropFirst(authority.count).drop { $0 == "/" }.prefix { $0 != "?" })
        let at = authority.lastIndex(of: "@")
        if let at {
            let words = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = words.count > 1 && !words[0].isEmpty ? try Self.decoded(words[0]) : nil
            password = Secret(try Self.decoded(words[words.count - 1]))
        } else {
            (user, password) = (nil, nil)
        }
        place = try Self.network(at.map { authority[authority.index(after: $0)...] } ?? authority)
    }

    private static func network(_ text: Substring) throws(RedisURLError) -> Place {
        var host = text
        var port = 6379
        let isBracketed = text.hasPrefix("[")
        if let colon = text.lastIndex(of: ":"), !isBracketed || text[colon...].contains("]") == false {
            host = text[..<colon]
            guard let number = Int(text[text.index(after: colon)...]), (1...65535).contains(number) else {
                throw RedisURLError("its port must be a number from 1 to 65535")
            }
            port = number
        }
        if isBracketed, host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains("\0"), !host.contains(" ") else { throw RedisURLError("it names no host") }
        return .network(host: String(host), port: port)
    }

    private static func database(_ text: Substring) throws(RedisURLError) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text), (0...1_000_000).contains(number) else {
            throw RedisURLError("its database must be a number")
        }
        return number
    }

    private static func decoded(_ text: Substring) throws(RedisURLError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = UInt8(String(rest.prefix(2)) ?? "", radix: 16), rest.count >= 2 else {
                throw RedisURLError("its user or password is not percent-encoded as it should be")
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Why a text is no address of a Redis server.
public struct RedisURLError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, as the second half of a sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

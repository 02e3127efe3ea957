import Outbound

/// A real HTTP server on loopback that misbehaves as its path says; see `OddServer+Script.swift`.
final class OddServer: Sendable {
    let port: Int
    let scheme: String
    private let process: ChildProcess

    struct NotStarted: Error {}

    /// One server for the tests that don't count its connections; it ends with the test process.
    static let shared = Result { try OddServer() }

    /// Serves plain HTTP, or TLS with the PEM files.
    init(host: String = "127.0.0.1", certificate: String? = nil, key: String? = nil) throws {
        var arguments = ["python3", "-c", Self.script, host]
        if let certificate, let key { arguments += [certificate, key] }
        process = try ChildProcess(arguments)
        guard let line = process.line(), let port = Int(line) else { throw NotStarted() }
        self.port = port
        scheme = certificate == nil ? "http" : "https"
    }

    /// The URL of a path on this server.
    func url(_ path: String, host: String = "127.0.0.1") throws -> WebURL {
        guard let url = WebURL("\(scheme)://\(host):\(port)\(path)") else { throw NotStarted() }
        return url
    }

    /// The origin as text, without a slash at its end.
    var origin: String { "\(scheme)://127.0.0.1:\(port)" }
}

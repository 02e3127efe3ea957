internal import Base
internal import Outbound

/// `vestibule healthcheck`: asks the service on this machine whether it is ready.
enum HealthcheckCommand: Command {
    static let name = "healthcheck"
    static let summary = "exit 0 when the service on this machine is ready"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config", "listen"])
        if let word = arguments.words.first { throw UsageError("healthcheck takes no \(word); see vestibule help") }
        var flags: [String: String] = [:]
        flags["VESTIBULE_LISTEN"] = arguments.flags["listen"]
        let configuration = try Configuration.read(
            flags: flags, filePath: arguments.flags["config"], needsDatabase: false)
        switch try status(configuration) {
        case 200: return .done
        case nil:
            Console.complain("no answer from \(configuration.listen); is the service running?")
            return .unreachable
        default:
            Console.complain("not ready")
            return .no
        }
    }

    /// What `/readyz` answers; nil: nothing.
    private static func status(_ configuration: Configuration) throws -> Int? {
        var place = configuration.listen
        for (any, own) in [("0.0.0.0:", "127.0.0.1:"), ("[::]:", "[::1]:")] where place.hasPrefix(any) {
            place = own + place.dropFirst(any.count)
        }
        guard let url = WebURL("\(configuration.tlsKey == nil ? "http" : "https")://\(place)/readyz") else {
            return nil
        }
        var settings = HTTPClient.Settings()
        // The certificate is made out to the name that others know the service by, and nothing secret is said.
        settings.verifiesPeer = false
        let loop = try EventLoop()
        let http = HTTPClient(loop: loop, settings: settings)
        var request = FetchRequest(.get, url, addresses: .any)
        request.limits.total = .seconds(5)
        var status: Int?
        loop.spawn {
            status = try? await http.fetch(request).status
            http.close()
            loop.stop()
        }
        loop.run()
        return status
    }
}

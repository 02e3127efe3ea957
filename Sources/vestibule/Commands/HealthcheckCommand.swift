internal import Glibc

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
        guard let answer = LocalRequest.get("/readyz", from: configuration.listen) else {
            Console.complain("no answer from \(configuration.listen); is the service running?")
            return .unreachable
        }
        if answer.contains("HTTP/1.1 200") { return .done }
        Console.complain("not ready")
        return .no
    }
}

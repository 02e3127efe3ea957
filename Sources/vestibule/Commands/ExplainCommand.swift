internal import Base
internal import Glibc

/// `vestibule explain [--method M --path P] < token`.
enum ExplainCommand: Command {
    static let name = "explain"
    static let summary =
        "[--method M --path P [--host H]] [--json] < token: every check, and what a login would lead to"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config", "method", "path", "host"], plain: ["json"])
        if let word = arguments.words.first {
            throw UsageError("explain takes no \(word); give the token on standard input")
        }
        let flags = arguments.flags
        if (flags["method"] == nil) != (flags["path"] == nil) {
            throw UsageError("explain needs --method and --path together, or neither")
        }
        let configuration = try Configuration.read(filePath: flags["config"])
        let routes = try configuration.routeRules()
        guard let token = readToken() else {
            throw UsageError("no token on standard input; run: vestibule explain < token")
        }
        let loop = try EventLoop()
        let state = SharedState(
            configuration, routes: routes, loop: loop, tls: nil, log: Logger(level: .error, format: .text))
        let explainer = try Explainer(
            loop: loop, state: state, token: token, method: flags["method"], host: flags["host"], path: flags["path"])
        var outcome: Explainer.Outcome?
        loop.spawn {
            outcome = await explainer.explain()
            loop.stop()
        }
        loop.run()
        guard let outcome else { return .no }
        Console.say(flags["json"] == nil ? outcome.text : outcome.json)
        return outcome.isAllowed ? .done : .no
    }

    /// The token: all of standard input without the white space around it; nil when there is none.
    private static func readToken() -> Secret? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= 1 << 20 {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
            if count <= 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        let token = String(decoding: bytes, as: UTF8.self).trimmed
        return token.isEmpty ? nil : Secret(token)
    }
}

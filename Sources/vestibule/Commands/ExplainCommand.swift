internal import API
internal import Accounts
internal import Base
internal import Glibc
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

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
        guard let token = readToken() else {
            throw UsageError("no token on standard input; run: vestibule explain < token")
        }
        let loop = try EventLoop()
        let state = SharedState(
            configuration, loop: loop, tls: nil, log: Logger(level: .error, format: .text))
        let database = try LoopService.database(loop, state)
        let http = HTTPClient(loop: loop, settings: LoopService.httpSettings(configuration))
        let client = ProviderClient(http: http, loop: loop, access: LoopService.access(configuration))
        let explainer = Explainer(database: database, client: client, state: state)
        let route = QuestionedRoute(method: flags["method"], host: flags["host"], path: flags["path"])
        var report = ExplanationReport()
        var isUnreachable = false
        loop.spawn {
            do throws(Problem) {
                try await trust(state, database)
                report = await explainer.report(token: token, route)
            } catch {
                report.add("stopped", .failed, note: "\(error.code.rawValue): \(error.message)")
                isUnreachable = error.code.status == 503
            }
            database.close()
            http.close()
            state.trust.stop()
            loop.stop()
        }
        loop.run()
        Console.say(flags["json"] == nil ? report.text : String(decoding: report.json, as: UTF8.self))
        return isUnreachable ? .unreachable : report.isAllowed ? .done : .no
    }

    /// Believes whom the service believes.
    private static func trust(_ state: SharedState, _ database: Database) async throws(Problem) {
        let configurations = try await ProviderRepository(database: database).providers()
        if !configurations.all.isEmpty {
            await state.trust.replace(
                policies: configurations.policies(at: state.clock.wall()),
                version: UInt64(clamping: configurations.version))
        }
        state.revocations.replace(with: try await ChangeRepository(database: database).revocations())
        await state.trust.start()
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

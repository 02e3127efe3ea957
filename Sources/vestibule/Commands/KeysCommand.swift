internal import Accounts
internal import Base
internal import Postgres
internal import Storage

/// `vestibule keys create NAME --module M | list | rotate ID | revoke ID`.
enum KeysCommand: Command {
    static let name = "keys"
    static let summary =
        "create NAME --module M [--expires 30d] [--allow-cidr C]… [--org SLUG_OR_ID] [--rate-limit N] | list"
        + " | rotate ID [--overlap 24h] | revoke ID: API keys of modules"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(
            arguments, valued: ["config", "module", "expires", "allow-cidr", "org", "rate-limit", "overlap"])
        let order = try KeysOrder(arguments)
        let configuration = try Configuration.read(filePath: arguments.flags["config"])
        let loop = try EventLoop()
        let database = try LoopService.database(
            loop, configuration, connections: 1, onEvent: Logger(level: .error, format: .text).databaseEvent)
        defer { database.close() }
        let keys = APIKeys(store: APIKeyRepository(database: database), cache: nil, clock: .system)
        let orgs = OrgNames(database: database)
        var outcome: Result<Void, Problem> = .success(())
        loop.spawn {
            do throws(Problem) {
                try await carryOut(order, keys, orgs)
            } catch {
                outcome = .failure(error)
            }
            loop.stop()
        }
        database.start()
        loop.run()
        guard case .failure(let problem) = outcome else { return .done }
        let fields = problem.details.map { "\($0.field) \($0.problem)" }.joined(separator: "; ")
        guard problem.code.status != 503 else {
            Console.complain(problem.cause.map { "\(problem.message) (\($0))" } ?? problem.message)
            return .unreachable
        }
        Console.complain(fields.isEmpty ? problem.message : fields)
        return problem.code == .validationFailed ? .usage : .no
    }

    private static func carryOut(_ order: KeysOrder, _ keys: APIKeys, _ orgs: OrgNames) async throws(Problem) {
        switch order {
        case .create(var draft, let org, let lifetime):
            if let org { draft.orgID = try await orgs.id(of: org) }
            draft.expiresAt = lifetime.map { Clock.system.wall().advanced(bySeconds: $0) }
            show(try await keys.create(nil, draft))
        case .rotate(let name, let overlap):
            show(try await keys.rotate(nil, name, overlap: overlap))
        case .revoke(let name):
            let key = try await keys.revoke(nil, name)
            Console.say("revoked \(key.keyID) \(key.name)")
        case .list:
            var page = Page(limit: Page.maximumLimit, offset: 0)
            let now = Clock.system.wall()
            while true {
                let listing = try await keys.list(nil, page)
                if page.offset == 0 { Console.say(KeysTable.head) }
                for key in listing.elements { Console.say(KeysTable.line(key, now)) }
                guard listing.hasMore else { return }
                page = Page(limit: page.limit, offset: page.offset + page.limit)
            }
        }
    }

    /// The key alone on standard output, so that a script can take it; what a person wants to know on the other.
    private static func show(_ made: (key: APIKey, secret: Secret)) {
        Console.say(made.secret.text)
        let end = made.key.expiresAt.map { ", until \($0)" } ?? ""
        Console.complain("key \(made.key.keyID) for \(made.key.module)\(end); it is shown this once")
    }
}

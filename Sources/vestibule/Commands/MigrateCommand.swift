internal import Base
internal import Postgres

/// `vestibule migrate up | down N | status | verify`.
enum MigrateCommand: Command {
    static let name = "migrate"
    static let summary = "up | down N | status | verify: the database's schema"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config"])
        guard let verb = arguments.words.first, ["up", "down", "status", "verify"].contains(verb) else {
            throw UsageError("migrate needs up, down N, status or verify")
        }
        guard arguments.words.count == (verb == "down" ? 2 : 1) else {
            throw UsageError(
                verb == "down" ? "migrate down needs the number of steps" : "migrate \(verb) takes nothing more")
        }
        let steps = verb == "down" ? Int(arguments.words[1]) ?? 0 : 1
        guard steps > 0 else { throw UsageError("migrate down needs a number of steps, 1 or more") }
        // The owner's URL is enough: who migrates need not know what the service logs in with.
        let migrator = try migrator(
            try Configuration.read(filePath: arguments.flags["config"], needsDatabase: false))
        switch verb {
        case "up":
            let files = try migrator.up()
            Console.say(files.isEmpty ? "nothing to do: the schema is up to date" : "applied \(files.count)")
        case "down":
            Console.say("undone \(try migrator.down(steps).count)")
        case "status":
            for entry in try migrator.status().entries { Console.say(line(entry)) }
        default:
            let report = try migrator.status()
            let complaints =
                report.problems + report.pending.map { "\($0.file): is pending; run: vestibule migrate up" }
            for complaint in complaints { Console.complain(complaint) }
            if !complaints.isEmpty { return .no }
            Console.say("the schema is what the files say")
        }
        return .done
    }

    private static func line(_ entry: MigrationReport.Entry) -> String {
        let (state, moment): (String, Timestamp?) =
            switch entry.state {
            case .applied(let moment): ("applied", moment)
            case .changed(let moment): ("changed", moment)
            case .missing(let moment): ("missing", moment)
            case .pending: ("pending", nil)
            case .outOfOrder: ("late", nil)
            }
        return "\(state.padded(to: 9))\(entry.version) \(entry.name)\(moment.map { "  \($0)" } ?? "")"
    }

    /// What migrates with this configuration, as the role that owns the tables.
    static func migrator(_ configuration: Configuration) throws -> Migrator {
        guard let uri = configuration.databaseAdminURI else {
            throw UsageError("DATABASE_URL is required; give a libpq URI such as postgresql://user@host/database")
        }
        return Migrator(uri: uri, source: MigrationFolder(configuration.migrations)) { step in
            switch step {
            case .waiting: Console.say("waiting for another migration to end")
            case .applying(let file, let number, let count): Console.say("up   \(number)/\(count) \(file)")
            case .reverting(let file, let number, let count): Console.say("down \(number)/\(count) \(file)")
            case .done: break
            }
        }
    }
}

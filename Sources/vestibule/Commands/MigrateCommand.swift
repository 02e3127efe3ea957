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
            throw UsageError(verb == "down" ? "migrate down needs the number of steps" : "migrate \(verb) takes nothing more")
        }
        let configuration = try Configuration.read(filePath: arguments.flags["config"])
        let migrator = try migrator(configuration)
        switch verb {
        case "up":
            let count = try migrator.up()
            Console.say(count == 0 ? "nothing to do: the schema is up to date" : "applied \(count)")
        case "down":
            guard let count = Int(arguments.words[1]), count > 0 else {
                throw UsageError("migrate down needs a number of steps, 1 or more")
            }
            Console.say("undone \(try migrator.down(count))")
        case "status":
            for step in try migrator.status() {
                let state = step.state.rawValue.padded(to: 9)
                Console.say("\(state)\(step.version) \(step.name)\(step.appliedAt.map { "  \($0)" } ?? "")")
            }
        default:
            try migrator.verify()
            Console.say("the schema is what the files say")
        }
        return .done
    }

    static func migrator(_ configuration: Configuration) throws -> Migrator {
        guard let url = configuration.databaseAdminURL else {
            throw UsageError("DATABASE_URL is required; give a libpq URI such as postgresql://user@host/database")
        }
        return try Migrator(url: url, migrations: MigrationFolder.read(configuration.migrations)) { Console.say($0) }
    }
}

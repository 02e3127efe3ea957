internal import Base
internal import Glibc
internal import Postgres

/// The program: finds the command that was asked for, and ends with its exit code.
@main
struct Vestibule {
    /// The version, in one place.
    static let version = "0.1.0"

    private static var commands: [any Command.Type] {
        [
            ServeCommand.self, MigrateCommand.self, LambdaCommand.self, DevIdPCommand.self, ExplainCommand.self,
            KeysCommand.self, ImportCommand.self, ConfigCommand.self, HealthcheckCommand.self, ReferenceCommand.self,
            VersionCommand.self,
        ]
    }

    static func main() {
        signal(SIGPIPE, SIG_IGN)
        CoreDumps.forbid()
        let code = run(words(CommandLine.arguments, ProcessEnvironment.all))
        exit(code.rawValue)
    }

    /// Lambda starts the program as `bootstrap`, without a word.
    private static func words(_ arguments: [String], _ environment: [String: String]) -> [String] {
        let words = Array(arguments.dropFirst())
        return words.isEmpty && environment["AWS_LAMBDA_RUNTIME_API"] != nil ? [LambdaCommand.name] : words
    }

    private static func run(_ arguments: [String]) -> ExitCode {
        guard let word = arguments.first, word != "help", word != "--help", word != "-h" else {
            Console.say("usage: vestibule COMMAND [--config FILE] …\n")
            for command in commands {
                Console.say("  \(command.name.padded(to: 13))\(command.summary)")
            }
            return arguments.isEmpty ? .usage : .done
        }
        let name = word == "--version" ? "version" : word
        guard let command = commands.first(where: { $0.name == name }) else {
            let hint = Suggestion.nearest(to: name, among: commands.map { $0.name })
            Console.complain("\(name) is no command" + (hint.map { "; did you mean \($0)?" } ?? "; see vestibule help"))
            return .usage
        }
        if arguments.contains("--help") || arguments.contains("-h") {
            Console.say("usage: vestibule \(command.name) \(command.summary)")
            return .done
        }
        do {
            return try command.run(Array(arguments.dropFirst()))
        } catch let error as UsageError {
            Console.complain(error.sentence)
            return .usage
        } catch let problems as ConfigurationProblems {
            for sentence in problems.sentences { Console.complain(sentence) }
            return .usage
        } catch let error as MigrationError {
            Console.complain(error.description)
            return error.kind == .unreachable ? .unreachable : error.kind == .source ? .usage : .no
        } catch {
            Console.complain("\(error)")
            return .no
        }
    }
}

extension String {
    /// With blanks behind it up to the width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

/// `vestibule version`.
enum VersionCommand: Command {
    static let name = "version"
    static let summary = "the version"

    static func run(_ arguments: [String]) throws -> ExitCode {
        _ = try Arguments(arguments, valued: ["config"])
        Console.say("vestibule \(Vestibule.version)")
        return .done
    }
}

/// `vestibule version`.
enum VersionCommand: Command {
    static let name = "version"
    static let summary = "the version"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config"])
        if let word = arguments.words.first { throw UsageError("version takes no \(word); see vestibule help") }
        Console.say("vestibule \(Vestibule.version)")
        return .done
    }
}

/// `vestibule config check | print`.
enum ConfigCommand: Command {
    static let name = "config"
    static let summary = "check | print: the configuration, secrets redacted"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config"])
        guard let verb = arguments.words.first, arguments.words.count == 1, ["check", "print"].contains(verb) else {
            throw UsageError("config needs check or print")
        }
        let configuration = try Configuration.read(filePath: arguments.flags["config"])
        if verb == "check" {
            for advice in configuration.advice { Console.complain(advice) }
            Console.say("the configuration is good")
        } else {
            for key in ConfigurationKeys.all {
                guard let value = configuration.sources[key.name] else { continue }
                let text = key.isSecret ? "***REDACTED***" : value.text
                Console.say("\(key.name)=\(text)  # \(value.origin)")
            }
        }
        return .done
    }
}

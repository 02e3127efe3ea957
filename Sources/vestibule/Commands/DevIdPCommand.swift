internal import DevIdP

/// `vestibule dev-idp`.
enum DevIdPCommand: Command {
    static let name = "dev-idp"
    static let summary = "[--listen HOST:PORT] [--keys FILE]: Okta- and Clerk-shaped issuer for development and tests"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config", "listen", "keys"])
        if let word = arguments.words.first { throw UsageError("dev-idp takes no \(word); see vestibule help") }
        do {
            try DevelopmentProvider.serve(
                arguments.flags["listen"] ?? "127.0.0.1:9000", keysFile: arguments.flags["keys"]
            ) { address in
                Console.say("development IdP on http://\(address)")
            }
        } catch let error as DevIdPError {
            // The address or the file of keys is not usable.
            throw UsageError("dev-idp: \(error)")
        }
        return .done
    }
}

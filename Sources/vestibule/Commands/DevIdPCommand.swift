/// `vestibule dev-idp`.
enum DevIdPCommand: Command {
    static let name = "dev-idp"
    static let summary = "[--listen HOST:PORT]: Okta- and Clerk-shaped issuer for development and tests"

    static func run(_ arguments: [String]) throws -> ExitCode {
        throw UsageError("dev-idp is not wired yet")
    }
}

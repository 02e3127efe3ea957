internal import Accounts
internal import Base
internal import Tokens

/// `vestibule import FILE --provider P`.
enum ImportCommand: Command {
    static let name = "import"
    static let summary =
        "FILE --provider okta|clerk|oidc|oidc-NAME [--format ndjson|csv] [--dry-run] [--report FILE]: users in bulk, resumable"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(
            arguments, valued: ["config", "provider", "format", "report"], plain: ["dry-run"])
        guard let path = arguments.words.first, arguments.words.count == 1 else {
            throw UsageError("import needs one file; run: vestibule import FILE --provider P")
        }
        let flags = arguments.flags
        guard let word = flags["provider"], let provider = ProviderName(rawValue: word) else {
            throw UsageError("import needs --provider okta, clerk, oidc or oidc-NAME: whose subjects the file holds")
        }
        var format: ImportFormat?
        if let word = flags["format"] {
            guard let known = ImportFormat(rawValue: word) else {
                throw UsageError("--format \(word) is no format; say ndjson or csv")
            }
            format = known
        }
        let configuration = try Configuration.read(filePath: flags["config"])
        let file = try ImportFile(path, format: format)
        let report = try ImportReport(flags["report"])
        let job = try ImportJob(
            file: file, provider: provider, isDryRun: flags["dry-run"] != nil, report: report,
            configuration: configuration)
        return try job.run()
    }
}

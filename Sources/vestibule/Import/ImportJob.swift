internal import Accounts
internal import Base
internal import Postgres
internal import Storage
internal import Tokens

/// One import from its file to its end.
final class ImportJob {
    /// Batches that are written at the same time: what is read meanwhile keeps as many backends busy as help.
    static let width = 3

    private let file: ImportFile
    private let provider: ProviderName
    private let isDryRun: Bool
    private let report: ImportReport
    private let configuration: Configuration
    private let loop: EventLoop
    private let database: Database
    private let screen: ImportScreen

    init(
        file: ImportFile, provider: ProviderName, isDryRun: Bool, report: ImportReport, configuration: Configuration
    ) throws {
        guard let uri = configuration.databaseURI else { throw UsageError("DATABASE_URL is required") }
        self.file = file
        self.provider = provider
        self.isDryRun = isDryRun
        self.report = report
        self.configuration = configuration
        loop = try EventLoop()
        screen = ImportScreen(loop.clock)
        // A batch is much work; nobody waits for one.
        let settings = DatabaseSettings(
            mode: configuration.pooler == .transaction ? .pooled : .session,
            pool: PoolSettings(maximum: Self.width, patience: .seconds(60)),
            timeout: .seconds(130), statementTimeout: .seconds(120), lockTimeout: .seconds(60))
        database = Database(loop: loop, uri: uri, settings: settings)
    }

    func run() throws -> ExitCode {
        var result: Result<ImportProgress, any Error>?
        loop.spawn { [self] in
            do {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            database.close()
            loop.stop()
        }
        loop.run()
        guard let result else { return .no }
        switch result {
        case .success(let progress):
            screen.end(progress)
            try report.end()
            return say(progress)
        case .failure(let error):
            screen.end(nil)
            try report.end()
            return complain(error)
        }
    }

    private func work() async throws -> ImportProgress {
        let source = ImportSource(
            fingerprint: try file.fingerprint(), name: file.name, provider: try await providerConfiguration())
        let importer = Importer(
            store: ImportRepository(database: database, makeID: { [loop] in EntityID.make(loop.clock) }),
            source: source, size: file.size,
            settings: Importer.Settings(
                width: Self.width, isDryRun: isDryRun, linksByEmail: configuration.linksByEmail,
                requiresVerifiedEmail: configuration.requiresVerifiedEmail),
            loop: loop, begun: { [screen] in screen.begin($0) }, observe: { [screen] in screen.show($0) },
            refused: { [report] in report.add($0) })
        switch file.format {
        case .ndjson: return try await importer.run(NDJSONReader()) { try file.next() }
        case .csv: return try await importer.run(CSVReader()) { try file.next() }
        }
    }

    /// Of the database; before the service was ever started, of the configuration that would be its first.
    private func providerConfiguration() async throws -> ProviderConfiguration {
        let stored = try await ProviderRepository(database: database).providers().all
        let known = stored.isEmpty ? configuration.seeds : stored
        guard let found = known.first(where: { $0.name == provider }) else {
            throw UsageError(
                "import: \(provider.rawValue) is not configured; name its issuer (\(provider.rawValue.uppercased())_ISSUER"
                    + " before the first start, PUT /admin/idp-config/\(provider.rawValue) afterwards)")
        }
        return found
    }

    private func say(_ progress: ImportProgress) -> ExitCode {
        let counts = progress.counts
        let verb = isDryRun ? "would be " : ""
        Console.say(
            [
                "\(counts.lines) lines", "\(counts.created) \(verb)created", "\(counts.joined) \(verb)joined",
                "\(counts.unchanged) unchanged", "\(counts.refused) \(verb)refused",
                "\(ImportProgress.grouped(Int(progress.rate))) a second",
            ].joined(separator: ", "))
        return counts.refused == 0 ? .done : .no
    }

    private func complain(_ error: any Error) -> ExitCode {
        switch error {
        case let error as ImportFileError:
            Console.complain("import: \(file.name): \(error.sentence)")
            return .usage
        case let error as UsageError:
            Console.complain(error.sentence)
            return .usage
        case let problem as Problem:
            Console.complain("import: \(problem.cause ?? problem.message)")
            if !isDryRun { Console.complain("import: what is committed stays; the same command goes on behind it") }
            return problem.code.status == 503 ? .unreachable : .no
        default:
            Console.complain("import: \(error)")
            return .no
        }
    }
}

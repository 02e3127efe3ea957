internal import Accounts
internal import Base
internal import Gateway
internal import Outbound
internal import Postgres
internal import Storage

/// Everything that the Lambda function answers with. Belongs to its loop.
final class LambdaFunction {
    /// Before the deadline an answer must be on its way.
    static let margin = Duration.milliseconds(50)

    private let loop: EventLoop
    private let state: SharedState
    private let authorizer: AWSAuthorizer
    private let database: Database?
    private let providers: ProviderRepository?
    private let changes: ChangeRepository?
    private var horizon: ChangeHorizon?
    private var isLoaded = false

    init(loop: EventLoop, state: SharedState) throws {
        self.loop = loop
        self.state = state
        let configuration = state.configuration
        let http = HTTPClient(loop: loop, settings: LoopService.httpSettings(configuration))
        let client = ProviderClient(http: http, loop: loop, access: LoopService.access(configuration))
        let store: any AccountStore
        if configuration.databaseURI != nil {
            let database = try LoopService.database(loop, state)
            self.database = database
            providers = ProviderRepository(database: database)
            changes = ChangeRepository(database: database)
            store = AccountRepository(database: database, requireVerifiedEmail: configuration.requiresVerifiedEmail)
        } else {
            database = nil
            providers = nil
            changes = nil
            store = NoAccounts()
        }
        let mode = database == nil ? .allow : configuration.unprovisioned
        authorizer = Admission(
            store: store, stored: database.map { WebhookRepository(database: $0) }, client: client, mode: mode,
            state: state
        ).aws(state)
    }

    /// Reads what the database says and fetches the keys, so that the first event finds them there.
    func start() async {
        database?.start()
        await catchUp()
        await state.trust.start()
    }

    /// The answer to an event, or a failure when it can't be had before the deadline.
    func answer(_ invocation: LambdaInvocation) async -> AWSAnswer {
        guard let deadline = invocation.deadline else { return await decide(invocation) }
        let left = Duration.microseconds(deadline.microseconds - state.clock.wall().microseconds) - Self.margin
        return await withCheckedContinuation { continuation in
            let once = Once(continuation)
            let timer = loop.schedule(after: max(left, .zero)) {
                once.resume(
                    .failed(Problem(.overloaded, "The answer was not there in time; try again.", cause: "deadline")))
            }
            loop.spawn { [self] in
                let answer = await decide(invocation)
                timer.cancel()
                once.resume(answer)
            }
        }
    }

    private func decide(_ invocation: LambdaInvocation) async -> AWSAnswer {
        await catchUp()
        return await authorizer.decide(invocation.event, requestID: invocation.id)
    }

    /// Reads what changed since the last event. The process is frozen between events and hears no notices, so that
    /// nothing remembered may be used before the database was asked; one round trip.
    private func catchUp() async {
        guard let changes else { return }
        do throws(Problem) {
            guard isLoaded, let horizon else {
                let horizon = try await changes.horizon()
                state.principals.apply(.everything)
                state.revocations.replace(with: try await changes.revocations())
                try await loadProviders()
                self.horizon = horizon
                isLoaded = true
                return
            }
            let (found, next) = try await changes.changes(since: horizon)
            var isProviderChanged = false
            for change in found {
                switch change {
                case .account(let account): state.principals.apply(account)
                case .provider: isProviderChanged = true
                case .echo: break
                case .revocation(let id):
                    if let revocation = try await changes.revocation(id) { state.revocations.apply(revocation) }
                case .apiKey: break
                }
            }
            if isProviderChanged { try await loadProviders() }
            self.horizon = next
        } catch {
            // What is remembered is used as long as VESTIBULE_MAX_STALE allows; the principal's look-up says so.
            state.log.warning("catch_up_failed", [.text("cause", error.cause ?? error.message)])
        }
    }

    private func loadProviders() async throws(Problem) {
        guard let providers else { return }
        let configuration = state.configuration
        let configurations =
            isLoaded || configuration.seeds.isEmpty
            ? try await providers.providers()
            : try await providers.seed(
                configuration.seeds, active: configuration.activeProvider.map { ProviderName($0) })
        await state.trust.replace(
            policies: configurations.policies(at: state.clock.wall()), version: UInt64(clamping: configurations.version)
        )
    }

    /// Hands on the first of several results. Used on the loop's thread only.
    private final class Once {
        private var continuation: CheckedContinuation<AWSAnswer, Never>?

        init(_ continuation: CheckedContinuation<AWSAnswer, Never>) {
            self.continuation = continuation
        }

        func resume(_ answer: AWSAnswer) {
            continuation?.resume(returning: answer)
            continuation = nil
        }
    }
}

internal import API
internal import Accounts
internal import Base
internal import HTTP
internal import Outbound
internal import Postgres
internal import Storage

extension LoopService {
    /// What the administrators' page is made of and asks besides the API.
    static func consoleRoutes(
        _ database: Database, _ actors: Actors, _ callers: any Callers, _ cookies: ConsoleCookies,
        _ client: ProviderClient, _ state: SharedState
    ) -> [Route] {
        let configuration = state.configuration
        let signIn = ConsoleSignIn(exchange: client, vault: state.vault, publicURL: configuration.publicURL)
        let setup = ProviderSetup(
            store: ProviderSetupRepository(database: database), probe: client, keys: state.sealing,
            token: configuration.bootstrapToken, allowsHTTP: configuration.allowsHTTPIssuers)
        return SignInRoutes(
            signIn: signIn, callers: callers, cookies: cookies,
            sameOrigin: SameOrigin([], publicURL: configuration.publicURL), clock: state.clock, log: state.log
        ).routes
            + SetupRoutes(setup: setup).routes
            + OverviewRoutes(
                actors: actors, logs: LogRepository(database: database), history: state.history, clock: state.clock
            ).routes
            + ExplainRoutes(
                actors: actors, explanations: Explainer(database: database, client: client, state: state)
            ).routes
    }
}

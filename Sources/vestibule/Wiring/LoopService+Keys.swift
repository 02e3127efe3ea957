internal import API
internal import Accounts
internal import Base
internal import HTTP
internal import Postgres
internal import Storage

extension LoopService {
    /// What modules and other programs call with API keys, and who makes the keys.
    static func keyRoutes(
        _ loop: EventLoop, _ database: Database, _ actors: Actors, _ callers: GatewayCallers, _ state: SharedState
    ) -> [Route] {
        let store = APIKeyRepository(database: database)
        let gate = KeyGate(store: store, cache: state.keys, loop: loop, log: state.log)
        let programs = KeyCallers(gate: gate, callers: callers)
        return APIKeyRoutes(
            actors: actors, keys: APIKeys(store: store, cache: state.keys, clock: state.clock), clock: state.clock
        ).routes
            + TenantRoutes(programs: programs, store: CoreRepository(database: database)).routes
    }
}

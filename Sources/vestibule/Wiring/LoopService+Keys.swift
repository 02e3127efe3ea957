internal import API
internal import Accounts
internal import Base
internal import HTTP
internal import Postgres
internal import Storage

extension LoopService {
    /// What modules and other programs call with API keys, and who makes the keys.
    static func keyRoutes(
        _ loop: EventLoop, _ database: Database, _ standby: StandbyReads?, _ actors: Actors, _ callers: GatewayCallers,
        _ principals: PrincipalLookup, _ quotas: Quotas, _ state: SharedState
    ) -> [Route] {
        let store = APIKeyRepository(database: database)
        let gate = KeyGate(store: store, cache: state.keys, loop: loop, log: state.log)
        let programs = KeyCallers(gate: gate, callers: callers, quotas: quotas)
        let core = CoreRepository(database: database, standby: standby)
        let permissions = Permissions(store: core, cache: state.principals, clock: state.clock)
        return APIKeyRoutes(
            actors: actors, keys: APIKeys(store: store, cache: state.keys, clock: state.clock), clock: state.clock
        ).routes
            + VerifyRoutes(programs: programs, callers: callers, principals: principals).routes
            + PermissionRoutes(programs: programs, permissions: permissions, log: state.log).routes
            + ModuleAuditRoutes(programs: programs, permissions: permissions, store: core).routes
            + TenantRoutes(programs: programs, store: core).routes
            + scimRoutes(database, programs, callers, state)
    }

    /// What the directories of orgs call.
    private static func scimRoutes(
        _ database: Database, _ programs: KeyCallers, _ callers: GatewayCallers, _ state: SharedState
    ) -> [Route] {
        let store = SCIMRepository(database: database)
        let door = SCIMDoor(programs: programs, callers: callers, cache: state.principals)
        return SCIMDiscoveryRoutes(door: door).routes
            + SCIMUserRoutes(door: door, store: store).routes
            + SCIMGroupRoutes(door: door, store: store).routes
    }

    /// Roles, who has them, and the modules of tenants, for administrators.
    static func roleRoutes(_ database: Database, _ actors: Actors, _ state: SharedState) -> [Route] {
        let store = RoleRepository(database: database)
        let repeats = Repeats(store: IdempotencyRepository(database: database))
        return RoleRoutes(actors: actors, store: store, repeats: repeats, clock: state.clock).routes
            + UserRoleRoutes(actors: actors, store: store).routes
            + TenantModuleRoutes(actors: actors, store: store).routes
    }
}

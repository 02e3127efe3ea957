internal import Accounts
internal import Base
internal import Postgres

/// Runs statements for an org's directory. What reads, and what is about groups, runs as a caller to whom row security
/// shows that org alone; what writes people, as the service.
struct SCIMSession {
    let database: Database

    /// Runs the body as the directory; again, where another transaction was in its way.
    func run<Result>(_ caller: SCIMCaller, _ body: (Transaction) async throws -> Result) async throws -> Result {
        do {
            return try await database.transaction(retries: 3) { transaction in
                transaction.send(
                    Self.identify, .text(caller.orgID.description), .text(caller.keyID), .text(caller.requestID),
                    .text(caller.clientAddress?.description ?? ""))
                Self.become("authenticated", in: transaction)
                return try await body(transaction)
            }
        } catch let error as DatabaseError {
            throw Self.failure(error)
        } catch let error as SCIMError {
            throw error
        } catch {
            throw Problem.from(error)
        }
    }

    /// Sends what the body does as the service, within the directory's transaction.
    @discardableResult
    func asService<Result>(_ transaction: Transaction, _ body: (Transaction) -> Result) -> Result {
        Self.become("service_role", in: transaction)
        defer { Self.become("authenticated", in: transaction) }
        return body(transaction)
    }

    private static func become(_ role: String, in transaction: Transaction) {
        transaction.send(takeRole, .text(role))
    }

    private static let takeRole = Statement("scim_role", "SELECT set_config('role', $1, true)")
    private static let identify = Statement(
        "scim_identify",
        """
        SELECT set_config('app.directory_org_id', $1, true), set_config('app.api_key', $2, true),
            set_config('app.request_id', $3, true), set_config('app.client_address', $4, true),
            set_config('app.module', 'scim', true)
        """)

    /// What the database's rules say to a client.
    private static func failure(_ error: DatabaseError) -> any Error {
        switch (error.sqlState, error.constraint) {
        case ("VE001", _):
            SCIMError(
                409, .mutability, "This is the last owner of the organization. Make somebody else an owner before.")
        case ("23505", "scim_users_user_name_key"): SCIMError(409, .uniqueness, "The userName is taken.")
        case ("23505", "scim_users_external_id_key"), ("23505", "groups_org_external_id_key"):
            SCIMError(409, .uniqueness, "The externalId is taken.")
        case ("23505", "groups_org_display_name_key"): SCIMError(409, .uniqueness, "The displayName is taken.")
        case ("23505", _): SCIMError(409, .uniqueness, "This exists already.")
        case ("23514", _), ("22001", _), ("22021", _), ("22P05", _):
            SCIMError.bad(.invalidValue, "A value is not acceptable.")
        default: Problem(error)
        }
    }
}

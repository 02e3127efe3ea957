internal import Accounts
internal import Base

/// Stands where no database is configured: nobody has an account, and claims alone count.
final class NoAccounts: AccountStore {
    func account(of identity: Identity) async throws(Problem) -> Account? {
        nil
    }

    func provision(
        _ attempt: LoginAttempt, decide: (LoginFacts) -> ProvisioningDecision
    ) async throws(Problem) -> LoginResult {
        throw Problem(.databaseUnavailable, "There are no accounts here.", cause: "no DATABASE_URL")
    }
}

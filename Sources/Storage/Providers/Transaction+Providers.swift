internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

extension Transaction {
    /// Writes a configuration as somebody, or as the service.
    @discardableResult
    func write(_ new: ProviderConfiguration, by user: EntityID?) -> Pending<ProviderRecord?> {
        send(
            ProviderAdminStatements.write, .text(new.name.rawValue), .text(new.issuer), .text(new.clientID),
            .textArray(new.audiences), .text(new.publishableKey), .json(ProviderSettings.write(new)),
            .json(ProviderSettings.write(new.sealedSecrets)), .bool(new.acceptsTokens), .uuid(user))
    }

    /// Makes a provider the active one; the former one's tokens stay accepted until then.
    func activate(_ provider: ProviderName, graceUntil: Timestamp?, by user: EntityID?) -> Pending<ProviderRecord?> {
        send(ProviderAdminStatements.retire, .timestamp(graceUntil), .uuid(user))
        return send(ProviderAdminStatements.activate, .text(provider.rawValue), .uuid(user))
    }
}

extension Pending<ProviderRecord?> {
    /// The record that was written.
    func record() throws(Problem) -> ProviderRecord {
        guard let record = first ?? nil else {
            throw Problem(.internalError, "The configuration could not be read.")
        }
        return record
    }
}

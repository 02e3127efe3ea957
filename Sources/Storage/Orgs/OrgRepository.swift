public import Accounts
public import Base
public import Postgres

/// Orgs in PostgreSQL. One a loop.
public final class OrgRepository: OrgStore {
    let session: CallerSession

    /// Keeps orgs in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``OrgStore``.
    public func orgs(
        _ caller: Caller, all: Bool, slug: String?, _ page: Page
    ) async throws(Problem) -> Listing<Org> {
        let orgs = try await session.run(caller) {
            $0.send(
                all ? OrgStatements.list : OrgStatements.listOwn, .text(slug), .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: orgs.rows, page: page)
    }

    /// See ``OrgStore``.
    public func org(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Org {
        let org = try await session.run(caller) { $0.send(OrgStatements.get, .uuid(id)) }
        guard let org = org.first else { throw Problem.nothingThere }
        return org
    }

    /// See ``OrgStore``.
    public func createOrg(
        _ caller: Caller, id: EntityID, name: String, slug: String, otherSlug: String?, description: String?
    ) async throws(Problem) -> Org {
        let user = Parameter.uuid(caller.userID)
        let org = try await session.run(caller) { transaction in
            if let otherSlug {
                transaction.send(
                    OrgStatements.createIfFree, .uuid(id), .text(name), .text(slug), .text(description), user)
                transaction.send(
                    OrgStatements.createOtherwise, .uuid(id), .text(name), .text(otherSlug), .text(description), user)
            } else {
                transaction.send(OrgStatements.create, .uuid(id), .text(name), .text(slug), .text(description), user)
            }
            transaction.send(OrgStatements.createOwner, .uuid(id), user)
            transaction.send(OrgStatements.makeCurrent, .uuid(id), user)
            return transaction.send(OrgStatements.get, .uuid(id))
        }
        guard let org = org.first else { throw Problem.nothingThere }
        return org
    }

    /// See ``OrgStore``.
    public func updateOrg(
        _ caller: Caller, _ id: EntityID, name: String?, slug: String?, description: FieldChange<String>,
        inviteLinks: Bool?, expected: Timestamp?
    ) async throws(Problem) -> Org {
        let (changed, now) = try await session.run(caller) { transaction in
            (
                transaction.send(
                    OrgStatements.update, .uuid(id), .text(name), .text(slug), .bool(description.isSet),
                    .text(description.value), .uuid(caller.userID), .timestamp(expected),
                    .bool(inviteLinks)),
                transaction.send(OrgStatements.get, .uuid(id))
            )
        }
        if let org = changed.first { return org }
        throw Self.unchanged(now.first?.updatedAt, expected)
    }

    /// See ``OrgStore``.
    public func deleteOrg(_ caller: Caller, _ id: EntityID) async throws(Problem) {
        let (isVisible, deleted) = try await session.runAsService(caller) { transaction in
            let isVisible = transaction.send(OrgStatements.isVisible, .uuid(id))
            return (isVisible, transaction.send(OrgStatements.delete, .uuid(id), .uuid(caller.userID)))
        }
        if deleted.first != nil { return }
        throw isVisible.first == true ? Problem.notAllowed : Problem.nothingThere
    }

    /// Why a row was not changed, by its state after the attempt; nil: the caller can't see it.
    static func unchanged(_ state: Timestamp?, _ expected: Timestamp?) -> Problem {
        guard let state else { return .nothingThere }
        return expected == nil || expected == state ? .notAllowed : .changedMeanwhile
    }

    /// Runs statements on what belongs to an org; whoever can't see the org is told that it is not there.
    func within<Row>(
        _ caller: Caller, _ org: EntityID, _ body: (Transaction) -> Pending<Row>
    ) async throws(Problem) -> [Row] {
        do throws(Problem) {
            let (isVisible, rows) = try await session.run(caller) { transaction in
                (transaction.send(OrgStatements.isVisible, .uuid(org)), body(transaction))
            }
            guard isVisible.first == true else { throw Problem.nothingThere }
            return rows.rows
        } catch {
            // A refused insert ends the transaction before it is known whether the org can be seen.
            if error.code == .forbidden { _ = try await self.org(caller.within(nil), org) }
            throw error
        }
    }
}

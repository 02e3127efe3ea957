public import Accounts
public import Base
internal import Postgres

extension OrgRepository {
    /// See ``OrgStore``.
    public func domains(
        _ caller: Caller, org: EntityID, isVerified: Bool?, _ page: Page
    ) async throws(Problem) -> Listing<OrgDomain> {
        let domains = try await within(caller, org) {
            $0.send(
                DomainStatements.list, .uuid(org), .bool(isVerified), .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: domains, page: page)
    }

    /// See ``OrgStore``.
    public func domain(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain {
        let domain = try await session.run(caller) { $0.send(DomainStatements.get, .uuid(org), .uuid(id)) }
        guard let domain = domain.first else { throw Problem.nothingThere }
        return domain
    }

    /// See ``OrgStore``.
    public func domainToVerify(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain {
        let (domain, isManaged) = try await session.run(caller) { transaction in
            (
                transaction.send(DomainStatements.get, .uuid(org), .uuid(id)),
                transaction.send(DomainStatements.isManaged, .uuid(org))
            )
        }
        guard let domain = domain.first else { throw Problem.nothingThere }
        guard isManaged.first == true else { throw Problem.notAllowed }
        return domain
    }

    /// See ``OrgStore``.
    public func createDomain(
        _ caller: Caller, org: EntityID, id: EntityID, domain: String, autoProvision: Bool, defaultRole: OrgRole,
        verificationToken: String
    ) async throws(Problem) -> OrgDomain {
        let domains = try await within(caller, org) {
            $0.send(
                DomainStatements.create, .uuid(id), .uuid(org), .text(domain), .bool(autoProvision),
                .text(defaultRole.rawValue), .text(verificationToken), .uuid(caller.userID))
        }
        guard let domain = domains.first else { throw Problem.notAllowed }
        return domain
    }

    /// See ``OrgStore``.
    public func updateDomain(
        _ caller: Caller, org: EntityID, _ id: EntityID, autoProvision: Bool?, defaultRole: OrgRole?,
        expected: Timestamp?
    ) async throws(Problem) -> OrgDomain {
        let (changed, now) = try await session.run(caller) { transaction in
            (
                transaction.send(
                    DomainStatements.update, .uuid(org), .uuid(id), .bool(autoProvision),
                    .text(defaultRole?.rawValue), .uuid(caller.userID), .timestamp(expected)),
                transaction.send(DomainStatements.get, .uuid(org), .uuid(id))
            )
        }
        if let domain = changed.first { return domain }
        throw Self.unchanged(now.first?.updatedAt, expected)
    }

    /// See ``OrgStore``.
    public func deleteDomain(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) {
        let (before, deleted) = try await session.run(caller) { transaction in
            (
                transaction.send(DomainStatements.get, .uuid(org), .uuid(id)),
                transaction.send(DomainStatements.delete, .uuid(org), .uuid(id))
            )
        }
        if deleted.first != nil { return }
        throw before.first == nil ? Problem.nothingThere : Problem.notAllowed
    }

    /// See ``OrgStore``.
    public func markVerified(
        _ caller: Caller, org: EntityID, _ id: EntityID
    ) async throws(Problem) -> OrgDomain {
        let (isVisible, before, after) = try await session.runAsService(caller) { transaction in
            (
                transaction.send(OrgStatements.isVisible, .uuid(org)),
                transaction.send(DomainStatements.get, .uuid(org), .uuid(id)),
                transaction.send(DomainStatements.verify, .uuid(org), .uuid(id), .uuid(caller.userID))
            )
        }
        guard let domain = after.first else {
            throw isVisible.first == true && before.first != nil ? Problem.notAllowed : Problem.nothingThere
        }
        return domain
    }
}

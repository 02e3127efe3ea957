public import Accounts
public import Base
public import Postgres

/// Deliveries in PostgreSQL. One a loop.
public final class WebhookRepository: WebhookStore, StoredPeople {
    /// How long a round trip may take: Okta waits three seconds for its answer, Svix fifteen.
    private static func patience(_ sender: WebhookSender) -> Duration {
        sender == .okta ? .milliseconds(800) : .seconds(3)
    }

    private let session: CallerSession

    /// Keeps deliveries in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``WebhookStore``.
    public func deliver(_ event: WebhookEvent, requestID: String) async throws(Problem) -> WebhookEvent.Outcome {
        do {
            return try await session.database.transaction(retries: 3, timeout: Self.patience(event.sender)) {
                transaction in
                transaction.send(LockStatements.request, .text(requestID), .text(""))
                let record = try await transaction.query(
                    WebhookStatements.record, .text(event.sender.rawValue), .text(event.id), .text(event.type),
                    .text(event.subject), .json(event.payload), .timestamp(event.occurredAt))
                guard let record = record.first, !record.isDone else { return .repeated }
                return try await Self.write(event, record.id, requestID, transaction)
            }
        } catch {
            let problem = Problem.from(error)
            await fail(event, problem, (error as? DatabaseError)?.sqlState)
            throw problem
        }
    }

    private static func write(
        _ event: WebhookEvent, _ id: EntityID, _ requestID: String, _ transaction: Transaction
    ) async throws -> WebhookEvent.Outcome {
        var writing = EffectWriting(event, in: transaction)
        try await writing.writeAll()
        let (status, note) = writing.status
        transaction.send(WebhookStatements.finish, .uuid(id), status, note)
        guard writing.hasWritten else { return .ignored }
        transaction.send(
            WebhookStatements.authEvent, .text(event.type), .text(event.sender.rawValue), .text(event.issuer),
            .text(event.subject), .text(requestID), .uuid(id))
        return .done
    }

    /// Leaves word of the failure for administrators, where the database is still there. Nothing of the event's own
    /// words is in it.
    private func fail(_ event: WebhookEvent, _ problem: Problem, _ state: String?) async {
        let words = "\(problem.message)\(state.map { " (SQLSTATE \($0))" } ?? "")"
        _ = try? await session.database.transaction(timeout: .milliseconds(500)) { transaction in
            transaction.send(
                WebhookStatements.fail, .text(event.sender.rawValue), .text(event.id), .text(event.type),
                .text(event.subject), .json(event.payload), .timestamp(event.occurredAt), .text(words))
        }
    }

    /// See ``WebhookStore``.
    public func replay(
        _ caller: Caller, _ delivery: EntityID, _ event: WebhookEvent
    ) async throws(Problem) -> WebhookDelivery {
        let after = try await session.runAsService(caller) { transaction in
            guard try await transaction.query(WebhookStatements.repeated, .uuid(delivery)).first != nil else {
                throw Problem.nothingThere
            }
            _ = try await Self.write(event, delivery, caller.requestID, transaction)
            let details = JSONWriter.object { writer in
                writer.member("provider", event.sender.rawValue)
                writer.member("event_type", event.type)
            }
            transaction.send(
                WebhookStatements.auditReplay, .uuid(caller.userID), .uuid(delivery), .json(details),
                .text(caller.requestID), .text(caller.clientAddress?.description))
            return transaction.send(WebhookStatements.get, .uuid(delivery))
        }
        guard let after = after.first else { throw Problem.nothingThere }
        return after
    }

    /// See ``WebhookStore``.
    public func deliveries(
        _ caller: Caller, _ filter: WebhookFilter, _ page: Page
    ) async throws(Problem) -> Listing<WebhookDelivery> {
        let found = try await session.run(caller) { transaction in
            transaction.send(AuditStatements.planEachTime)
            return transaction.send(
                WebhookStatements.list, .text(filter.sender), .text(filter.status), .text(filter.type),
                .text(filter.subject), .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: found.rows, page: page)
    }

    /// See ``WebhookStore``.
    public func delivery(_ caller: Caller, _ id: EntityID) async throws(Problem) -> WebhookDelivery {
        let found = try await session.run(caller) { $0.send(WebhookStatements.get, .uuid(id)) }
        guard let found = found.first else { throw Problem.nothingThere }
        return found
    }

    /// See ``StoredPeople``.
    public func person(of identity: Identity) async throws(Problem) -> LookedUpPerson? {
        do {
            return try await session.database.query(
                EffectStatements.person, .text(identity.issuer), .text(identity.subject)
            ).first
        } catch {
            throw Problem.from(error)
        }
    }
}

internal import Accounts
internal import Base
internal import Postgres

/// Runs statements as a caller: one transaction, one round trip where the body only queues.
struct CallerSession {
    let database: Database

    /// Runs the body's statements as the caller; again, where another transaction was in their way.
    func run<Result>(
        _ caller: Caller, _ body: (Transaction) async throws -> Result
    ) async throws(Problem) -> Result {
        guard let open = caller.unit as? OpenTransaction else { return try await run(caller.role, body) }
        do {
            let result = try await body(open.transaction)
            try await open.transaction.flush()
            return result
        } catch let error as DatabaseError {
            throw Self.problem(error)
        } catch {
            throw Problem.from(error)
        }
    }

    /// Runs the body's statements as the service, with the caller's name for functions and audit.
    func runAsService<Result>(
        _ caller: Caller, _ body: (Transaction) async throws -> Result
    ) async throws(Problem) -> Result {
        try await run(.service) { transaction in
            transaction.send(
                Self.identify, .uuid(caller.userID), .text(caller.requestID),
                .text(caller.clientAddress?.description ?? ""))
            return try await body(transaction)
        }
    }

    /// Runs the body's statements as the caller, or where there is none as the service.
    func run<Result>(
        callerOrService caller: Caller?, _ body: (Transaction) async throws -> Result
    ) async throws(Problem) -> Result {
        guard let caller else { return try await run(.service, body) }
        return try await run(caller, body)
    }

    private func run<Result>(
        _ role: SessionRole, _ body: (Transaction) async throws -> Result
    ) async throws(Problem) -> Result {
        do {
            return try await database.transaction(as: role, retries: 3, body)
        } catch let error as DatabaseError {
            throw Self.problem(error)
        } catch {
            throw Problem.from(error)
        }
    }

    private static let identify = Statement(
        "identify_for_service",
        """
        SELECT public.set_session_user_id($1::uuid), set_config('app.request_id', $2, true),
            set_config('app.client_address', $3, true)
        """)

    /// What the database's rules say to a caller.
    static func problem(_ error: DatabaseError) -> Problem {
        // A login that may not take the service's role gets the same SQLSTATE as a caller whom a rule refuses.
        if case .unavailable = error.kind { return Problem(error) }
        return switch error.sqlState {
        case "42501" where error.constraint == "invite_links_allowed":
            Problem(
                .forbidden,
                "This organization allows no invite links; an administrator of it allows them with \"invite_links\": true."
            )
        case "42501": Problem(.forbidden, "This is not allowed.", cause: error.description)
        case "VE001":
            Problem(
                .conflict,
                "The last owner of an organization can't be removed or demoted, and can't leave others behind. Make somebody else an owner first, or close it."
            )
        case "VE002": Problem(.conflict, "The last owner of the platform can't leave or be demoted.")
        case "23505" where error.constraint == IdempotencyStatements.taken:
            Problem(.conflict, "This Idempotency-Key is taken.", cause: OpenTransaction.taken)
        case "23505": Problem(.conflict, conflict(error.constraint), cause: error.description)
        case "23503": Problem(.notFound, "There is no such user or organization.", cause: error.description)
        case "23514", "22001", "22021", "22P05":
            Problem(.validationFailed, "A value is not acceptable.", cause: error.description)
        default: Problem(error)
        }
    }

    private static func conflict(_ constraint: String?) -> String {
        switch constraint {
        case "roles_org_code_key", "roles_platform_code_key": "A role with this code exists already."
        case "org_slug_key": "Another organization has this slug."
        case "org_members_org_id_user_id_key": "The user is a member already."
        case "org_invites_pending_key": "An invite for this e-mail is pending already."
        case "org_email_domains_org_id_domain_key": "The organization has this domain already."
        case "org_email_domains_verified_key": "Another organization has verified this domain."
        default: "This exists already."
        }
    }
}

extension Caller {
    /// As whom the caller's statements run.
    var role: SessionRole {
        .caller(userID: userID, requestID: requestID, clientAddress: clientAddress?.description)
    }
}

extension Problem {
    /// What somebody is told whose `If-Match` names a state that is over.
    static var changedMeanwhile: Problem {
        Problem(
            .conflict, "This was changed since it was read; read it again and repeat the change on what it is now.",
            status: 412)
    }
    /// What somebody is told who asks for something that is not there or that they can't see.
    static var nothingThere: Problem { Problem(.notFound, "There is nothing here, or nothing that you may see.") }
    /// What somebody is told who sees something and may not change it.
    static var notAllowed: Problem { Problem(.forbidden, "This is not allowed.") }
}

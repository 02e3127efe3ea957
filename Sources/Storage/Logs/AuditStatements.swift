internal import Accounts
internal import Base
internal import Postgres

/// The statements that read the logs; run as the caller.
enum AuditStatements {
    /// For the rest of the transaction: which index serves depends on which filters are there.
    static let planEachTime = Statement(
        "plan_each_time", "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")

    static let list = Statement<AuditEntry>(
        "audit_list",
        """
        SELECT id, actor_id, actor_kind, action, resource_type, resource_id, org_id, module, before, after, details,
            request_id, host(client_address), created_at
        FROM public.audit_log
        WHERE ($1::uuid IS NULL OR org_id = $1) AND ($2::uuid IS NULL OR actor_id = $2)
            AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR resource_type = $4)
            AND ($5::text IS NULL OR resource_id = $5) AND ($6::text IS NULL OR request_id = $6)
            AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)
        ORDER BY created_at DESC, id DESC LIMIT $9 OFFSET $10
        """
    ) { row in
        AuditEntry(
            id: try row.uuid(0), actorID: try row.optionalUUID(1), actorKind: try row.text(2),
            action: try row.text(3), resourceType: try row.text(4), resourceID: try row.optionalText(5),
            orgID: try row.optionalUUID(6), module: try row.optionalText(7), before: try row.optionalJSON(8),
            after: try row.optionalJSON(9), details: try row.optionalJSON(10), requestID: try row.optionalText(11),
            clientAddress: try row.optionalText(12), createdAt: try row.timestamp(13))
    }

    /// Whether the caller is told what was done in an org.
    static let mayRead = Statement<Bool>("audit_may_read", "SELECT public.has_org_admin_access($1)") { row in
        try row.bool(0)
    }

    static let authEvents = Statement<AuthEvent>(
        "auth_event_list",
        """
        SELECT id, event, outcome, user_id, provider, issuer, subject, email, org_id, reason, details, request_id,
            host(client_address), created_at
        FROM public.auth_events
        WHERE ($1::uuid IS NULL OR user_id = $1) AND ($2::text IS NULL OR event = $2)
            AND ($3::text IS NULL OR outcome = $3) AND ($4::uuid IS NULL OR org_id = $4)
            AND ($5::text IS NULL OR email = $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
        ORDER BY created_at DESC, id DESC LIMIT $8 OFFSET $9
        """
    ) { row in
        AuthEvent(
            id: try row.uuid(0), event: try row.text(1), outcome: try row.text(2), userID: try row.optionalUUID(3),
            provider: try row.optionalText(4), issuer: try row.optionalText(5), subject: try row.optionalText(6),
            email: try row.optionalText(7), orgID: try row.optionalUUID(8), reason: try row.optionalText(9),
            details: try row.optionalJSON(10), requestID: try row.optionalText(11),
            clientAddress: try row.optionalText(12), createdAt: try row.timestamp(13))
    }

    static let loginCounts = Statement<LoginCount>(
        "login_counts",
        """
        SELECT outcome, reason, count(*)
        FROM (SELECT outcome, reason FROM public.auth_events WHERE created_at >= $1 AND event = 'login'
            ORDER BY created_at DESC LIMIT $2) newest
        GROUP BY outcome, reason ORDER BY count(*) DESC, outcome, reason
        """
    ) { row in
        LoginCount(outcome: try row.text(0), reason: try row.optionalText(1), count: try row.int(2))
    }
}

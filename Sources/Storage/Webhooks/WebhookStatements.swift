internal import Accounts
internal import Base
internal import Postgres

/// The statements about the record of deliveries.
enum WebhookStatements {
    /// A delivery that was just recorded, or was before.
    struct Recorded: Sendable {
        var id: EntityID
        var isDone: Bool
    }

    /// Records a delivery, once: who brings it again at the same time waits here for the first.
    static let record = Statement<Recorded>(
        "webhook_record",
        """
        INSERT INTO public.webhook_deliveries AS w
            (provider, delivery_id, event_type, subject, payload, occurred_at, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, 1)
        ON CONFLICT (provider, delivery_id) DO UPDATE SET attempts = w.attempts + 1
        RETURNING id, status IN ('done', 'ignored')
        """
    ) { row in Recorded(id: try row.uuid(0), isDone: try row.bool(1)) }

    /// What became of it: id, status, note.
    static let finish = Statement(
        "webhook_finish",
        """
        UPDATE public.webhook_deliveries SET status = $2, error = $3,
            done_at = CASE WHEN $2 = 'done' THEN now() ELSE done_at END
        WHERE id = $1
        """)

    /// Leaves word for those who ask why somebody was signed out: kind, sender, issuer, subject, request, delivery.
    static let authEvent = Statement(
        "webhook_auth_event",
        """
        INSERT INTO public.auth_events (event, outcome, user_id, provider, issuer, subject, request_id, details)
        VALUES ('webhook', $1, (SELECT e.auth_user_id FROM public.external_identities e
            WHERE e.issuer = $3 AND e.external_id = $4), $2, $3, $4, $5, jsonb_build_object('delivery', $6::uuid))
        """)

    /// That it could not be done; a delivery that was done meanwhile stays so.
    static let fail = Statement(
        "webhook_fail",
        """
        INSERT INTO public.webhook_deliveries AS w
            (provider, delivery_id, event_type, subject, payload, occurred_at, attempts, status, error)
        VALUES ($1, $2, $3, $4, $5, $6, 1, 'failed', $7)
        ON CONFLICT (provider, delivery_id) DO UPDATE
            SET attempts = w.attempts + 1, status = 'failed', error = EXCLUDED.error
            WHERE w.status IN ('received', 'failed')
        """)

    /// Done again: id.
    static let repeated = Statement<EntityID>(
        "webhook_repeat",
        "UPDATE public.webhook_deliveries SET attempts = attempts + 1 WHERE id = $1 RETURNING id"
    ) { row in try row.uuid(0) }

    static let auditReplay = Statement(
        "webhook_audit_replay",
        """
        INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, details, request_id,
            client_address)
        VALUES ($1, 'user', 'webhook_deliveries.replay', 'webhook_deliveries', $2::uuid::text, $3, $4, $5::inet)
        """)

    // MARK: As an administrator

    static let list = Statement<WebhookDelivery>(
        "webhook_list",
        """
        SELECT id, provider, delivery_id, event_type, subject, status, error, attempts, occurred_at, done_at, created_at,
            '{}'::jsonb
        FROM public.webhook_deliveries
        WHERE ($1::text IS NULL OR provider = $1) AND ($2::text IS NULL OR status = $2)
            AND ($3::text IS NULL OR event_type = $3) AND ($4::text IS NULL OR subject = $4)
        ORDER BY created_at DESC, id DESC LIMIT $5 OFFSET $6
        """
    ) { row in try delivery(row) }

    static let get = Statement<WebhookDelivery>(
        "webhook_get",
        """
        SELECT id, provider, delivery_id, event_type, subject, status, error, attempts, occurred_at, done_at, created_at,
            payload
        FROM public.webhook_deliveries WHERE id = $1
        """
    ) { row in try delivery(row) }

    private static func delivery(_ row: borrowing RowReader) throws -> WebhookDelivery {
        WebhookDelivery(
            id: try row.uuid(0), sender: WebhookSender(rawValue: try row.text(1)) ?? .ssf,
            deliveryID: try row.text(2), type: try row.text(3), subject: try row.optionalText(4),
            status: try row.text(5), error: try row.optionalText(6), attempts: try row.int(7),
            occurredAt: try row.optionalTimestamp(8), doneAt: try row.optionalTimestamp(9),
            createdAt: try row.timestamp(10), payload: try row.json(11))
    }
}

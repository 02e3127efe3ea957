internal import Accounts
internal import Base
internal import Postgres

/// The statements of upkeep; run as the service. Each gives how many things it was about.
enum UpkeepStatements {
    static let claim = Statement<Bool>(
        "upkeep_claim", "SELECT public.claim_upkeep($1, make_interval(secs => $2::bigint))"
    ) { row in try row.bool(0) }

    static let makeMonths = Statement<Int64>(
        "upkeep_make_months", "SELECT public.make_log_partitions()"
    ) { row in try row.int(0) }

    static let dropMonths = Statement<Int64>(
        "upkeep_drop_months", "SELECT public.drop_log_partitions($1, make_interval(days => $2::integer))"
    ) { row in try row.int(0) }

    /// A thousand at a time: each one is audited and announced.
    static let expireInvites = Statement(
        "upkeep_expire_invites",
        """
        UPDATE public.org_invites SET status = 'expired' WHERE id IN (
            SELECT id FROM public.org_invites WHERE status = 'pending' AND expires_at <= now()
            ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """)

    static let pruneNotices = Statement<Int64>(
        "upkeep_prune_notices", "SELECT public.prune_change_notices()"
    ) { row in try row.int(0) }

    /// Sessions that ended a month ago.
    static let pruneSessions = Statement(
        "upkeep_prune_sessions",
        """
        DELETE FROM public.user_sessions
        WHERE ended_at < now() - interval '30 days' OR expires_at < now() - interval '30 days'
        """)

    /// Nobody's token lives that long.
    static let pruneRevocations = Statement(
        "upkeep_prune_revocations",
        "DELETE FROM public.session_revocations WHERE revoked_at < now() - interval '90 days'")

    /// Deliveries that no sender brings again: what they led to carries its own time.
    static let pruneDeliveries = Statement(
        "upkeep_prune_deliveries",
        "DELETE FROM public.webhook_deliveries WHERE created_at < now() - interval '90 days'")

    /// Kept answers that are good for nothing any more.
    static let pruneAnswers = Statement<Int64>(
        "upkeep_prune_answers", "SELECT public.prune_idempotency_keys()"
    ) { row in try row.int(0) }

    static let takeDomains = Statement<DueDomain>(
        "upkeep_take_domains",
        """
        UPDATE public.org_email_domains d SET checked_at = now() WHERE d.id IN (
            SELECT id FROM public.org_email_domains
            WHERE is_verified AND (checked_at IS NULL OR checked_at <= now() - make_interval(secs => $1::bigint))
            ORDER BY checked_at NULLS FIRST LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING d.id, d.org_id, d.domain, d.verification_token
        """
    ) { row in
        let domain = OrgDomain(
            id: try row.uuid(0), orgID: try row.uuid(1), domain: try row.text(2), autoProvision: true,
            defaultRole: .user, isVerified: true, verifiedAt: nil, verificationToken: try row.text(3),
            createdAt: Timestamp(seconds: 0), updatedAt: Timestamp(seconds: 0))
        return DueDomain(
            id: domain.id, orgID: domain.orgID, recordName: domain.recordName, recordValue: domain.recordValue)
    }

    static let proofFound = Statement(
        "upkeep_proof_found",
        """
        UPDATE public.org_email_domains SET failed_checks = 0, missing_since = NULL
        WHERE id = $1 AND is_verified AND failed_checks > 0
        """)

    /// Whether the domain is still proven after one more miss: misses, seconds of absence.
    static let proofMissing = Statement<Bool>(
        "upkeep_proof_missing",
        """
        UPDATE public.org_email_domains SET failed_checks = failed_checks + 1,
            missing_since = coalesce(missing_since, now()),
            is_verified = NOT (failed_checks + 1 >= $2
                AND coalesce(missing_since, now()) <= now() - make_interval(secs => $3::bigint))
        WHERE id = $1 AND is_verified
        RETURNING is_verified
        """
    ) { row in try row.bool(0) }

    static let auditLoss = Statement(
        "upkeep_audit_loss",
        """
        INSERT INTO public.audit_log (actor_kind, action, resource_type, resource_id, org_id, details)
        SELECT 'service', 'org_email_domains.proof_lost', 'org_email_domains', d.id::text, d.org_id,
            jsonb_build_object('domain', d.domain, 'missing_since', d.missing_since, 'looks', d.failed_checks)
        FROM public.org_email_domains d WHERE d.id = $1
        """)

    /// Due again after so many seconds of the period.
    static let proofUnknown = Statement(
        "upkeep_proof_unknown",
        "UPDATE public.org_email_domains SET checked_at = now() - make_interval(secs => $2::bigint) WHERE id = $1")
}

internal import Accounts
internal import Base
internal import Postgres

/// The statements about invites; run as the caller.
enum InviteStatements {
    static let list = Statement<OrgInvite>(
        "invite_list",
        """
        SELECT i.id, i.org_id, i.email, i.role, s.status, i.has_link, i.invited_by, i.expires_at, i.accepted_at, i.created_at
        FROM public.org_invites i CROSS JOIN LATERAL (
            SELECT CASE WHEN i.status = 'pending' AND i.expires_at <= now() THEN 'expired' ELSE i.status END) s (status)
        WHERE i.org_id = $1 AND ($2::text IS NULL OR s.status = $2) AND ($3::text IS NULL OR i.id = ANY (ARRAY(SELECT public.find_invites($1, $3))))
        ORDER BY i.created_at DESC, i.id DESC LIMIT $4 OFFSET $5
        """
    ) { row in try invite(row) }

    /// An invite whose time is over makes room for a new one.
    static let expire = Statement(
        "invite_expire",
        """
        UPDATE public.org_invites SET status = 'expired'
        WHERE org_id = $1 AND lower(email) = lower($2) AND status = 'pending' AND expires_at <= now()
        """)

    /// Gives nothing where the person is a member already, and the invite would not raise them.
    static let create = Statement<OrgInvite>(
        "invite_create",
        """
        INSERT INTO public.org_invites (id, org_id, email, role, invited_by, created_by, expires_at, token_digest)
        SELECT $1::uuid, $2::uuid, $3::text, $4::text, $5::uuid, $5::uuid, $6::timestamptz, $7::bytea
        WHERE NOT public.org_has_member($2, $3, $8, $4)
        RETURNING id, org_id, email, role, status, has_link, invited_by, expires_at, accepted_at, created_at
        """
    ) { row in try invite(row) }

    /// Whether an invite can still be taken back or sent again; one whose time is over can.
    static let isOpen = Statement<Bool>(
        "invite_is_open",
        "SELECT status IN ('pending', 'expired') FROM public.org_invites WHERE org_id = $1 AND id = $2"
    ) { row in try row.bool(0) }

    static let revoke = Statement<EntityID>(
        "invite_revoke",
        """
        UPDATE public.org_invites SET status = 'revoked', revoked_at = now(), updated_by = $3
        WHERE org_id = $1 AND id = $2 AND status IN ('pending', 'expired') RETURNING id
        """
    ) { row in try row.uuid(0) }

    static let resend = Statement<OrgInvite>(
        "invite_resend",
        """
        UPDATE public.org_invites
        SET status = 'pending', expires_at = $3, sent_count = sent_count + 1, last_sent_at = now(), updated_by = $4,
            token_digest = CASE WHEN coalesce($5::boolean,
                has_link AND (SELECT o.invite_links FROM public.org o WHERE o.id = $1)) THEN $6::bytea END
        WHERE org_id = $1 AND id = $2 AND status IN ('pending', 'expired')
        RETURNING id, org_id, email, role, status, has_link, invited_by, expires_at, accepted_at, created_at
        """
    ) { row in try invite(row) }

    private static func invite(_ row: borrowing RowReader) throws -> OrgInvite {
        OrgInvite(
            id: try row.uuid(0), orgID: try row.uuid(1), email: try row.text(2),
            role: OrgRole(rawValue: try row.text(3)) ?? .user,
            status: OrgInvite.Status(rawValue: try row.text(4)) ?? .expired, hasLink: try row.bool(5),
            invitedBy: try row.optionalUUID(6), expiresAt: try row.timestamp(7),
            acceptedAt: try row.optionalTimestamp(8), createdAt: try row.timestamp(9))
    }
}

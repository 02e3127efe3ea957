internal import Accounts
internal import Base
internal import Postgres

/// The statements about invites; run as the caller.
enum InviteStatements {
    static let list = Statement<OrgInvite>(
        "invite_list",
        """
        SELECT i.id, i.org_id, i.email, i.role, s.status, i.invited_by, i.expires_at, i.accepted_at, i.created_at
        FROM public.org_invites i CROSS JOIN LATERAL (
            SELECT CASE WHEN i.status = 'pending' AND i.expires_at <= now() THEN 'expired' ELSE i.status END) s (status)
        WHERE i.org_id = $1 AND ($2::text IS NULL OR s.status = $2) AND ($3::text IS NULL OR lower(i.email) = lower($3))
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

    static let create = Statement<OrgInvite>(
        "invite_create",
        """
        INSERT INTO public.org_invites (id, org_id, email, role, invited_by, created_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, $5, $6)
        RETURNING id, org_id, email, role, status, invited_by, expires_at, accepted_at, created_at
        """
    ) { row in try invite(row) }

    static let isPending = Statement<Bool>(
        "invite_is_pending", "SELECT status = 'pending' FROM public.org_invites WHERE org_id = $1 AND id = $2"
    ) { row in try row.bool(0) }

    static let revoke = Statement<EntityID>(
        "invite_revoke",
        """
        UPDATE public.org_invites SET status = 'revoked', revoked_at = now(), updated_by = $3
        WHERE org_id = $1 AND id = $2 AND status = 'pending' RETURNING id
        """
    ) { row in try row.uuid(0) }

    static let resend = Statement<OrgInvite>(
        "invite_resend",
        """
        UPDATE public.org_invites
        SET expires_at = $3, sent_count = sent_count + 1, last_sent_at = now(), updated_by = $4
        WHERE org_id = $1 AND id = $2 AND status = 'pending'
        RETURNING id, org_id, email, role, status, invited_by, expires_at, accepted_at, created_at
        """
    ) { row in try invite(row) }

    private static func invite(_ row: borrowing RowReader) throws -> OrgInvite {
        OrgInvite(
            id: try row.uuid(0), orgID: try row.uuid(1), email: try row.text(2),
            role: OrgRole(rawValue: try row.text(3)) ?? .user,
            status: OrgInvite.Status(rawValue: try row.text(4)) ?? .expired, invitedBy: try row.optionalUUID(5),
            expiresAt: try row.timestamp(6), acceptedAt: try row.optionalTimestamp(7), createdAt: try row.timestamp(8))
    }
}

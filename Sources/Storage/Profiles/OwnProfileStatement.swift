internal import Accounts
internal import Base
internal import Postgres

/// The statement of `GET /profiles/me`: a part of ``AccountStatements/byIdentity``, for it is asked far more often than
/// all others together.
enum OwnProfileStatement {
    /// The profile of an identity's user: issuer, subject, and whether an unverified stored e-mail grants something too.
    static let byIdentity = Statement<OwnProfile>(
        "own_profile_by_identity",
        """
        SELECT u.is_active, p.user_id, p.email, p.full_name, p.first_name, p.last_name, p.phone, p.avatar_url,
            p.global_role, p.current_org_id, p.deleted_at, p.created_at, p.updated_at,
            m.ids, m.names, m.slugs, m.roles,
            (EXISTS (
                SELECT FROM public.org_invites i JOIN public.org o ON o.id = i.org_id AND o.deleted_at IS NULL
                WHERE lower(i.email) = lower(u.email::text) AND i.status = 'pending' AND i.expires_at > now()
                    AND public.invite_role(i.org_id, i.invited_by, i.role) IS NOT NULL)
            OR EXISTS (
                SELECT FROM public.org_email_domains d JOIN public.org o ON o.id = d.org_id AND o.deleted_at IS NULL
                WHERE d.domain = lower(split_part(u.email::text, '@', 2)) AND d.is_verified AND d.auto_provision
                    AND NOT d.org_id = ANY (m.ids)
                    AND NOT EXISTS (
                        SELECT FROM public.org_departures x WHERE x.org_id = d.org_id AND x.user_id = u.id)))
            AND ($3 OR EXISTS (
                SELECT FROM public.external_identities v
                WHERE v.auth_user_id = u.id AND lower(v.email) = lower(u.email::text)))
        FROM public.external_identities e
        JOIN auth.users u ON u.id = e.auth_user_id
        LEFT JOIN public.profiles p ON p.user_id = u.id
        CROSS JOIN LATERAL \(MembershipColumns.ofUser)
        WHERE e.issuer = $1 AND e.external_id = $2
        """
    ) { row in
        OwnProfile(
            profile: try row.optionalUUID(1) == nil ? nil : try profile(row),
            memberships: try MembershipColumns(
                ids: row.uuidArray(13), names: row.textArray(14), slugs: row.textArray(15), roles: row.textArray(16)
            ).memberships(GrantColumns(orgs: [], codes: [], permissions: [])),
            isActive: try row.bool(0), isAdmissionWaiting: try row.bool(17))
    }

    private static func profile(_ row: borrowing RowReader) throws(RowError) -> Profile {
        Profile(
            userID: try row.uuid(1), email: try row.optionalText(2),
            details: PersonDetails(
                fullName: try row.optionalText(3), firstName: try row.optionalText(4),
                lastName: try row.optionalText(5), phone: try row.optionalText(6), avatarURL: try row.optionalText(7)),
            globalRole: GlobalRole(rawValue: try row.text(8)) ?? .globalUser,
            currentOrg: try row.optionalUUID(9), deletedAt: try row.optionalTimestamp(10),
            createdAt: try row.timestamp(11), updatedAt: try row.timestamp(12))
    }
}

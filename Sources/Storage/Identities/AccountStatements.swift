internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The statements that read whole accounts.
enum AccountStatements {
    /// The account of an identity: issuer, subject, and whether an unverified stored e-mail grants something too.
    static let byIdentity = Statement<Account>(
        "account_by_identity",
        """
        SELECT u.id, u.email::text, coalesce(k.verified, false), u.is_active, u.created_at,
            e.provider_name, e.issuer, e.external_id, e.metadata -> 'claimed',
            p.user_id IS NOT NULL, p.email, p.full_name, p.first_name, p.last_name, p.phone, p.avatar_url,
            p.global_role, p.current_org_id, p.deleted_at, p.created_at, p.updated_at,
            m.ids, m.names, m.slugs, m.roles, r.orgs, r.codes, r.permissions,
            (extract(epoch FROM greatest(u.updated_at, p.updated_at, m.changed)) * 1000000)::bigint,
            (coalesce(k.verified, false) OR $3) AND (
                EXISTS (
                    SELECT FROM public.org_invites i JOIN public.org o ON o.id = i.org_id AND o.deleted_at IS NULL
                    WHERE lower(i.email) = lower(u.email::text) AND i.status = 'pending' AND i.expires_at > now()
                        AND public.invite_role(i.org_id, i.invited_by, i.role) IS NOT NULL)
                OR EXISTS (
                    SELECT FROM public.org_email_domains d
                    JOIN public.org o ON o.id = d.org_id AND o.deleted_at IS NULL
                    WHERE d.domain = lower(split_part(u.email::text, '@', 2)) AND d.is_verified AND d.auto_provision
                        AND NOT d.org_id = ANY (m.ids)
                        AND NOT EXISTS (
                            SELECT FROM public.org_departures x WHERE x.org_id = d.org_id AND x.user_id = u.id))),
            \(ImportedIdentity.isUnused)
        FROM public.external_identities e
        JOIN auth.users u ON u.id = e.auth_user_id
        LEFT JOIN public.profiles p ON p.user_id = u.id
        CROSS JOIN LATERAL (
            SELECT bool_or(lower(v.email) = lower(u.email::text)) AS verified
            FROM public.external_identities v WHERE v.auth_user_id = u.id) k
        CROSS JOIN LATERAL \(MembershipColumns.ofUser)
        CROSS JOIN LATERAL \(GrantColumns.ofUser)
        WHERE e.issuer = $1 AND e.external_id = $2
        """
    ) { row in
        let grants = try GrantColumns(
            orgs: row.textArray(25), codes: row.textArray(26), permissions: row.textArray(27))
        return Account(
            user: User(
                id: try row.uuid(0), email: try row.optionalText(1), isEmailVerified: try row.bool(2),
                isActive: try row.bool(3), createdAt: try row.timestamp(4)),
            profile: try row.bool(9) ? try profile(row) : nil,
            identity: Identity(
                provider: Provider(rawValue: try row.text(5)) ?? .oidc, issuer: try row.text(6),
                subject: try row.text(7)),
            claimed: ClaimedDetails.read(try row.optionalJSON(8)),
            memberships: try MembershipColumns(
                ids: row.uuidArray(21), names: row.textArray(22), slugs: row.textArray(23), roles: row.textArray(24)
            ).memberships(grants),
            globalRoles: grants.globalRoles, globalPermissions: grants.globalPermissions, version: try row.int(28),
            isIdentityUnused: try row.bool(30), isAdmissionWaiting: try row.bool(29))
    }

    private static func profile(_ row: borrowing RowReader) throws(RowError) -> Profile {
        Profile(
            userID: try row.uuid(0), email: try row.optionalText(10),
            details: PersonDetails(
                fullName: try row.optionalText(11), firstName: try row.optionalText(12),
                lastName: try row.optionalText(13), phone: try row.optionalText(14),
                avatarURL: try row.optionalText(15)),
            globalRole: GlobalRole(rawValue: try row.text(16)) ?? .globalUser,
            currentOrg: try row.optionalUUID(17), deletedAt: try row.optionalTimestamp(18),
            createdAt: try row.timestamp(19), updatedAt: try row.timestamp(20))
    }
}

internal import Accounts
internal import Base
internal import Postgres

/// The facts of a login besides the identity's own account.
enum FactStatements {
    /// The user that has an e-mail: as given, canonical. They differ for domains outside ASCII.
    static let emailOwner = Statement<LoginFacts.EmailOwner>(
        "login_email_owner",
        """
        SELECT u.id, u.email::text, coalesce(i.verified, false), u.is_active, u.created_at,
            p.user_id IS NOT NULL, p.deleted_at IS NOT NULL, i.count > 0, m.ids, m.roles, p.current_org_id
        FROM auth.users u
        LEFT JOIN public.profiles p ON p.user_id = u.id
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE NOT \(ImportedIdentity.isUnused)) AS count,
                bool_or(lower(e.email) = lower(u.email::text)) AS verified
            FROM public.external_identities e WHERE e.auth_user_id = u.id) i
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(m.org_id ORDER BY m.org_id), '{}') AS ids,
                coalesce(array_agg(m.role ORDER BY m.org_id), '{}') AS roles
            FROM public.org_members m JOIN public.org o ON o.id = m.org_id
            WHERE m.user_id = u.id AND o.deleted_at IS NULL) m
        WHERE lower(u.email::text) IN (lower($1), $2)
        ORDER BY i.count > 0 DESC, u.created_at, u.id
        LIMIT 1
        """
    ) { row in
        let roles = try zip(row.uuidArray(8), row.textArray(9)).map { ($0, OrgRole(rawValue: $1) ?? .user) }
        return LoginFacts.EmailOwner(
            user: User(
                id: try row.uuid(0), email: try row.optionalText(1), isEmailVerified: try row.bool(2),
                isActive: try row.bool(3), createdAt: try row.timestamp(4)),
            hasProfile: try row.bool(5), isProfileDeleted: try row.bool(6), hasIdentity: try row.bool(7),
            roles: Dictionary(roles, uniquingKeysWith: max), currentOrg: try row.optionalUUID(10))
    }

    /// The pending invites for an e-mail, or for the stored one of the identity's user: e-mail, issuer, subject,
    /// canonical e-mail.
    static let invites = Statement<LoginFacts.WaitingInvite>(
        "login_invites",
        """
        SELECT i.id, i.email, i.org_id, public.invite_role(i.org_id, i.invited_by, i.role), i.invited_by, i.created_at, i.expires_at
        FROM public.org_invites i
        JOIN public.org o ON o.id = i.org_id
        WHERE lower(i.email) IN ($4, lower(coalesce($1, (
                SELECT u.email::text FROM public.external_identities e JOIN auth.users u ON u.id = e.auth_user_id
                WHERE e.issuer = $2 AND e.external_id = $3))))
            AND i.status = 'pending' AND o.deleted_at IS NULL
            AND public.invite_role(i.org_id, i.invited_by, i.role) IS NOT NULL
        ORDER BY i.id
        FOR UPDATE OF i
        """
    ) { row in try invite(row) }

    /// The invite of a link, by the digest of its token, whatever has become of it. Of two who hold the link the
    /// second waits here, and finds it used.
    static let linkedInvite = Statement<LoginFacts.LinkedInvite>(
        "login_linked_invite",
        """
        SELECT i.id, i.email, i.org_id, coalesce(public.invite_role(i.org_id, i.invited_by, i.role), 'org_user'),
            i.invited_by, i.created_at, i.expires_at, i.status, o.deleted_at IS NULL AND o.invite_links
                AND public.invite_role(i.org_id, i.invited_by, i.role) IS NOT NULL
        FROM public.org_invites i
        JOIN public.org o ON o.id = i.org_id
        WHERE i.token_digest = $1
        FOR UPDATE OF i
        """
    ) { row in
        LoginFacts.LinkedInvite(
            invite: try invite(row), status: OrgInvite.Status(rawValue: try row.text(7)) ?? .revoked,
            isHonoured: try row.bool(8))
    }

    private static func invite(_ row: borrowing RowReader) throws -> LoginFacts.WaitingInvite {
        LoginFacts.WaitingInvite(
            id: try row.uuid(0), email: EmailAddress(try row.text(1))?.canonical ?? "", orgID: try row.uuid(2),
            role: OrgRole(rawValue: try row.text(3)) ?? .user, invitedBy: try row.optionalUUID(4),
            createdAt: try row.timestamp(5), expiresAt: try row.timestamp(6))
    }

    /// The verified domain of an e-mail, or of the stored one: domain, e-mail, issuer, subject.
    static let domain = Statement<LoginFacts.WaitingDomain>(
        "login_domain",
        """
        SELECT d.id, d.org_id, d.domain, d.default_role, EXISTS (
            SELECT FROM public.org_departures x
            WHERE x.org_id = d.org_id AND x.user_id IN (
                SELECT e.auth_user_id FROM public.external_identities e WHERE e.issuer = $3 AND e.external_id = $4
                UNION ALL SELECT u.id FROM auth.users u WHERE lower(u.email::text) = lower($2)))
        FROM public.org_email_domains d
        JOIN public.org o ON o.id = d.org_id
        WHERE d.domain = coalesce($1, (
                SELECT lower(split_part(u.email::text, '@', 2))
                FROM public.external_identities e JOIN auth.users u ON u.id = e.auth_user_id
                WHERE e.issuer = $3 AND e.external_id = $4))
            AND d.is_verified AND d.auto_provision AND o.deleted_at IS NULL
        FOR SHARE OF d
        """
    ) { row in
        LoginFacts.WaitingDomain(
            id: try row.uuid(0), orgID: try row.uuid(1), domain: try row.text(2),
            role: OrgRole(rawValue: try row.text(3)) ?? .user, wasLeft: try row.bool(4))
    }

    /// Whether the provider has told that the identity may not be used: issuer, subject.
    static let isBarred = Statement<Bool>(
        "login_is_barred",
        """
        SELECT EXISTS (SELECT FROM public.provider_people
            WHERE issuer = $1 AND external_id = $2 AND state <> 'active')
        """
    ) { row in try row.bool(0) }

    /// What is known about the platform's owners.
    struct Platform: Sendable {
        var hasOwner: Bool
        var org: EntityID?
    }

    /// Whether a platform owner was ever made, and the org of the platform's administrators.
    static let platform = Statement<Platform>(
        "login_platform",
        """
        SELECT EXISTS (SELECT FROM public.platform_bootstrap)
                OR EXISTS (SELECT FROM public.profiles WHERE global_role = 'platform_owner'),
            (SELECT id FROM public.org WHERE slug = 'platform-admin')
        """
    ) { row in
        Platform(hasOwner: try row.bool(0), org: try row.optionalUUID(1))
    }
}

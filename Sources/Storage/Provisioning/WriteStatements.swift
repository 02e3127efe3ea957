internal import Postgres

/// What a login writes.
enum WriteStatements {
    static let user = Statement(
        "login_create_user",
        "INSERT INTO auth.users (id, email, created_at, updated_at) VALUES ($1, $2, now(), now())")

    static let identity = Statement(
        "login_create_identity",
        """
        INSERT INTO public.external_identities
            (id, auth_user_id, provider_name, issuer, external_id, email, metadata, last_login_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now())
        """)

    static let profile = Statement(
        "login_create_profile",
        """
        INSERT INTO public.profiles (user_id, email, full_name, first_name, last_name, phone, avatar_url,
            global_role, current_org_id, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $1)
        """)

    static let updateProfile = Statement(
        "login_update_profile",
        """
        UPDATE public.profiles SET full_name = coalesce($2, full_name), first_name = coalesce($3, first_name),
            last_name = coalesce($4, last_name), phone = coalesce($5, phone), avatar_url = coalesce($6, avatar_url)
        WHERE user_id = $1
        """)

    static let recordLogin = Statement(
        "login_record",
        """
        UPDATE public.external_identities
        SET last_login_at = now(), email = coalesce($3, email), metadata = metadata || $4
        WHERE issuer = $1 AND external_id = $2
        """)

    static let platformOwner = Statement(
        "login_record_platform_owner", "INSERT INTO public.platform_bootstrap (user_id) VALUES ($1)")

    static let platformOrg = Statement(
        "login_create_platform_org",
        """
        INSERT INTO public.org (id, name, slug, owner_id, created_by)
        VALUES ($1, 'Platform Admin', 'platform-admin', $2, $2)
        """)

    /// A role that somebody has given since the facts were read stays where it is the higher one.
    static let join = Statement(
        "login_join",
        """
        INSERT INTO public.org_members AS m (org_id, user_id, role, added_by, created_by) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role, updated_by = excluded.added_by
            WHERE public.org_role_rank(m.role) < public.org_role_rank(excluded.role)
        """)

    static let acceptInvite = Statement(
        "login_accept_invite",
        """
        UPDATE public.org_invites SET status = 'accepted', accepted_at = now(), accepted_by = $2, updated_by = $2
        WHERE id = $1 AND status = 'pending'
        """)

    static let currentOrg = Statement(
        "login_set_current_org",
        "UPDATE public.profiles SET current_org_id = $2, updated_by = $1 WHERE user_id = $1")
}

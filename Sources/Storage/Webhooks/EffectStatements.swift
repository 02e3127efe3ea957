internal import Accounts
internal import Base
internal import Postgres

/// What webhooks write. Issuer and subject come first everywhere; those that give rows give none for what is older than
/// what is known.
enum EffectStatements {
    /// Issuer, subject, e-mail, whether it is verified, details, when it was said, whether it says anything of the e-mail.
    static let keepPerson = Statement<Bool>(
        "webhook_keep_person",
        """
        INSERT INTO public.provider_people AS p (issuer, external_id, email, email_verified, details, said_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (issuer, external_id) DO UPDATE
            SET email = CASE WHEN $7 THEN EXCLUDED.email ELSE p.email END,
                email_verified = CASE WHEN $7 THEN EXCLUDED.email_verified ELSE p.email_verified END,
                details = p.details || EXCLUDED.details, said_at = EXCLUDED.said_at
            WHERE p.state <> 'deleted' AND (p.said_at IS NULL OR p.said_at <= EXCLUDED.said_at)
        RETURNING true
        """
    ) { row in try row.bool(0) }

    /// What the issuer last said of somebody.
    static let person = Statement<LookedUpPerson>(
        "webhook_person",
        """
        SELECT email, email_verified, details FROM public.provider_people
        WHERE issuer = $1 AND external_id = $2 AND state = 'active'
        """
    ) { row in
        LookedUpPerson(
            email: try row.optionalText(0), isEmailVerified: try row.optionalBool(1),
            details: ClaimedDetails.read(try row.json(2)))
    }

    /// The user's e-mail follows that of the identity that it came from, unless somebody else has the new one: issuer,
    /// subject, new e-mail, its canonical form. Gives whether somebody else has it.
    static let moveEmail = Statement<Bool>(
        "webhook_move_email",
        """
        WITH former AS (
            SELECT e.auth_user_id AS id, e.email FROM public.external_identities e
            WHERE e.issuer = $1 AND e.external_id = $2
        ), taken AS (
            SELECT EXISTS (
                SELECT FROM former, auth.users o
                WHERE o.id <> former.id AND lower(o.email::text) IN (lower($3), $4)) AS by_another
        ), moved AS (
            UPDATE auth.users u SET email = $3 FROM former, taken
            WHERE u.id = former.id AND lower(u.email::text) = lower(former.email) AND u.email::text <> $3
                AND NOT taken.by_another
            RETURNING u.id
        ), profile AS (
            UPDATE public.profiles p SET email = $3 FROM moved WHERE p.user_id = moved.id)
        SELECT by_another FROM taken
        """
    ) { row in try row.bool(0) }

    /// Issuer, subject, verified e-mail or null, what was claimed.
    static let identity = Statement(
        "webhook_identity",
        """
        UPDATE public.external_identities SET email = coalesce($3, email), metadata = metadata || $4
        WHERE issuer = $1 AND external_id = $2
        """)

    /// Issuer, subject, state, since when. What was deleted stays so.
    static let keepStanding = Statement<Bool>(
        "webhook_keep_standing",
        """
        INSERT INTO public.provider_people AS p (issuer, external_id, state, state_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (issuer, external_id) DO UPDATE SET state = EXCLUDED.state, state_at = EXCLUDED.state_at
            WHERE p.state <> 'deleted'
                AND (EXCLUDED.state = 'deleted' OR p.state_at IS NULL OR p.state_at <= EXCLUDED.state_at)
        RETURNING true
        """
    ) { row in try row.bool(0) }

    /// Locks the user out and remembers that it was because of this.
    static let lockOut = Statement(
        "webhook_lock_out",
        """
        WITH locked AS (
            UPDATE auth.users u SET is_active = false FROM public.external_identities e
            WHERE e.issuer = $1 AND e.external_id = $2 AND u.id = e.auth_user_id AND u.is_active
            RETURNING u.id)
        UPDATE public.provider_people p SET locked_at = now() FROM locked WHERE p.issuer = $1 AND p.external_id = $2
        """)

    /// Lets the user in again who was locked out by a provider, when no provider has a say against it any more. Whoever
    /// was locked out here stays so.
    static let letIn = Statement(
        "webhook_let_in",
        """
        UPDATE auth.users u SET is_active = true FROM public.external_identities e
        WHERE e.issuer = $1 AND e.external_id = $2 AND u.id = e.auth_user_id
            AND NOT u.is_active AND u.deactivated_by IS NULL
            AND EXISTS (
                SELECT FROM public.external_identities o
                JOIN public.provider_people p ON p.issuer = o.issuer AND p.external_id = o.external_id
                WHERE o.auth_user_id = u.id AND p.locked_at = u.deactivated_at)
            AND NOT EXISTS (
                SELECT FROM public.external_identities o
                JOIN public.provider_people p ON p.issuer = o.issuer AND p.external_id = o.external_id
                WHERE o.auth_user_id = u.id AND p.state <> 'active')
        """)

    /// The subjects whose e-mail it is: issuer, e-mail in lower case, canonical.
    static let subjects = Statement<String>(
        "webhook_subjects",
        """
        SELECT e.external_id FROM auth.users u JOIN public.external_identities e ON e.auth_user_id = u.id
        WHERE e.issuer = $1 AND lower(u.email::text) IN ($2, $3)
        UNION SELECT p.external_id FROM public.provider_people p WHERE p.issuer = $1 AND lower(p.email) IN ($2, $3)
        ORDER BY 1
        """
    ) { row in try row.text(0) }

    /// Issuer, session, since when.
    static let revokeSession = Statement(
        "webhook_revoke_session",
        """
        INSERT INTO public.session_revocations (issuer, session_id, revoked_at) VALUES ($1, $2, $3)
        ON CONFLICT (issuer, session_id) WHERE session_id IS NOT NULL DO NOTHING
        """)

    static let endSession = Statement(
        "webhook_end_session",
        """
        UPDATE public.user_sessions SET ended_at = greatest($3, created_at)
        WHERE issuer = $1 AND token_key = $2 AND ended_at IS NULL
        """)

    /// Issuer, subject, up to when. An earlier moment never replaces a later one.
    static let revokeSubject = Statement<Bool>(
        "webhook_revoke_subject",
        """
        INSERT INTO public.session_revocations AS r (issuer, subject, revoked_at) VALUES ($1, $2, $3)
        ON CONFLICT (issuer, subject) WHERE subject IS NOT NULL DO UPDATE SET revoked_at = EXCLUDED.revoked_at
            WHERE r.revoked_at <= EXCLUDED.revoked_at
        RETURNING true
        """
    ) { row in try row.bool(0) }

    static let endSessions = Statement(
        "webhook_end_sessions",
        """
        UPDATE public.user_sessions s SET ended_at = $3 FROM public.external_identities e
        WHERE e.issuer = $1 AND e.external_id = $2 AND s.user_id = e.auth_user_id AND s.issuer = $1
            AND s.ended_at IS NULL AND s.created_at <= $3
        """)

    /// Issuer, subject, org, whether they are a member there, since when. No row for an org that is not there, too.
    static let keepMembership = Statement<Bool>(
        "webhook_keep_membership",
        """
        INSERT INTO public.provider_members AS m (issuer, external_id, org_id, is_member, said_at)
        SELECT $1, $2, o.id, $4::boolean, $5::timestamptz FROM public.org o WHERE o.id = $3 AND o.deleted_at IS NULL
        ON CONFLICT (issuer, external_id, org_id) DO UPDATE SET is_member = EXCLUDED.is_member, said_at = EXCLUDED.said_at
            WHERE m.said_at <= EXCLUDED.said_at
        RETURNING true
        """
    ) { row in try row.bool(0) }

    static let join = Statement(
        "webhook_join",
        """
        WITH joined AS (
            INSERT INTO public.org_members (org_id, user_id, role)
            SELECT $3::uuid, e.auth_user_id, 'org_user' FROM public.external_identities e
            JOIN public.provider_members m ON m.issuer = e.issuer AND m.external_id = e.external_id AND m.org_id = $3
            WHERE e.issuer = $1 AND e.external_id = $2 AND NOT m.is_granted
            ON CONFLICT (org_id, user_id) DO NOTHING
            RETURNING org_id)
        UPDATE public.provider_members m SET is_granted = true FROM joined
        WHERE m.issuer = $1 AND m.external_id = $2 AND m.org_id = joined.org_id
        """)

    /// Takes away what was given because of the provider, and never from somebody who was made an owner here.
    static let leave = Statement(
        "webhook_leave",
        """
        WITH granted AS (
            UPDATE public.provider_members m SET is_granted = false
            WHERE m.issuer = $1 AND m.external_id = $2 AND m.org_id = $3 AND m.is_granted
            RETURNING m.org_id)
        DELETE FROM public.org_members o USING granted, public.external_identities e
        WHERE e.issuer = $1 AND e.external_id = $2 AND o.user_id = e.auth_user_id AND o.org_id = granted.org_id
            AND o.role <> 'org_owner'
        """)
}

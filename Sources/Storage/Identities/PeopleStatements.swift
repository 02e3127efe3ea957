internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The statements about other people's accounts; run as the caller.
enum PeopleStatements {
    static let user = Statement<User>(
        "person_user", "SELECT id, email::text, is_active, created_at FROM auth.users WHERE id = $1"
    ) { row in try user(row) }

    static let setActive = Statement<User>(
        "person_set_active",
        """
        UPDATE auth.users SET is_active = $2, deactivated_by = CASE WHEN $2 THEN NULL ELSE $3::uuid END WHERE id = $1
        RETURNING id, email::text, is_active, created_at
        """
    ) { row in try user(row) }

    /// As the service; the condition is the caller's right.
    static let erase = Statement<Bool>(
        "person_erase",
        """
        SELECT public.erase_user($1)
        WHERE $1 = auth.current_active_user_id() OR public.can_administer_user($1)
        """
    ) { row in try row.bool(0) }

    static let identities = Statement<Identity>(
        "person_identities",
        """
        SELECT provider_name, issuer, external_id FROM public.external_identities
        WHERE auth_user_id = $1 ORDER BY created_at, id
        """
    ) { row in
        Identity(
            provider: Provider(rawValue: try row.text(0)) ?? .oidc, issuer: try row.text(1), subject: try row.text(2))
    }

    static let memberships = Statement<Membership>(
        "person_memberships",
        """
        SELECT o.id, o.name, o.slug, m.role FROM public.org_members m JOIN public.org o ON o.id = m.org_id
        WHERE m.user_id = $1 AND o.deleted_at IS NULL ORDER BY o.id
        """
    ) { row in
        Membership(
            orgID: try row.uuid(0), name: try row.text(1), slug: try row.text(2),
            role: OrgRole(rawValue: try row.text(3)) ?? .user)
    }

    private static func user(_ row: borrowing RowReader) throws -> User {
        User(
            // A caller may not read how the e-mail was verified, and no answer says it.
            id: try row.uuid(0), email: try row.optionalText(1), isEmailVerified: false,
            isActive: try row.bool(2), createdAt: try row.timestamp(3))
    }
}

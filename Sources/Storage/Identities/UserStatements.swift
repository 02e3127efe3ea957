internal import Accounts
internal import Base
internal import Postgres

/// The statements by which administrators list and change users; run as the caller.
enum UserStatements {
    private static let columns: SQL = """
        u.id, u.email::text, u.is_active, u.deactivated_at, u.created_at, greatest(u.updated_at, p.updated_at),
        p.user_id IS NOT NULL, p.email, p.full_name, p.first_name, p.last_name, p.phone, p.avatar_url,
        p.global_role, p.current_org_id, p.deleted_at, p.created_at, p.updated_at
        """

    /// Search, e-mail, activity, global role.
    private static let filter: SQL = """
        (($1::text IS NULL AND $2::text IS NULL) OR u.id = ANY (ARRAY(SELECT public.find_users($1, $2))))
            AND ($3::boolean IS NULL OR u.is_active = $3) AND ($4::text IS NULL OR p.global_role = $4)
        """

    /// Filter, how many, from where.
    static let list = Statement<ListedUser>(
        "user_list",
        """
        SELECT \(columns) FROM auth.users u LEFT JOIN public.profiles p ON p.user_id = u.id
        WHERE \(filter) ORDER BY u.created_at, u.id LIMIT $5 OFFSET $6
        """
    ) { row in try user(row) }

    /// The same and an org: in the order in which they joined it, which an index has, however many its members are.
    static let members = Statement<ListedUser>(
        "user_list_of_org",
        """
        SELECT \(columns) FROM public.org_members m JOIN auth.users u ON u.id = m.user_id
            LEFT JOIN public.profiles p ON p.user_id = u.id
        WHERE m.org_id = $7 AND \(filter) ORDER BY m.created_at, m.user_id LIMIT $5 OFFSET $6
        """
    ) { row in try user(row) }

    static let get = Statement<ListedUser>(
        "user_get",
        "SELECT \(columns) FROM auth.users u LEFT JOIN public.profiles p ON p.user_id = u.id WHERE u.id = $1"
    ) { row in try user(row) }

    /// One change of a user after the other: what the next statement sees is what the one before has left.
    static let lock = Statement<EntityID>(
        "user_lock", "SELECT id FROM auth.users WHERE id = $1 FOR NO KEY UPDATE"
    ) { row in try row.uuid(0) }

    /// Owners of the platform are locked out one after the other; the same lock as the rule's own.
    static let lockOwners = Statement(
        "user_lock_owners", "SELECT pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0))")

    /// Changes what is not null. No row: the user is another one by now than was expected; false: there is no profile for
    /// the role.
    static let change = Statement<Bool>(
        "user_change",
        """
        WITH seen AS (
            SELECT u.id FROM auth.users u LEFT JOIN public.profiles p ON p.user_id = u.id
            WHERE u.id = $1 AND ($5::timestamptz IS NULL OR greatest(u.updated_at, p.updated_at) = $5)
        ), activity AS (
            UPDATE auth.users u
            SET is_active = $2, deactivated_by = CASE WHEN $2 THEN NULL ELSE $4::uuid END
            FROM seen WHERE u.id = seen.id AND u.is_active <> $2::boolean
        ), standing AS (
            UPDATE public.profiles p SET global_role = $3, updated_by = $4
            FROM seen WHERE p.user_id = seen.id AND p.global_role <> $3::text
        )
        SELECT $3::text IS NULL OR EXISTS (SELECT FROM public.profiles p WHERE p.user_id = seen.id) FROM seen
        """
    ) { row in try row.bool(0) }

    /// Whether the user is the only owner of the platform who may come in.
    static let isLastOwner = Statement<Bool>(
        "user_is_last_owner",
        """
        SELECT EXISTS (SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
                WHERE p.user_id = $1 AND p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active)
            AND NOT EXISTS (SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
                WHERE p.user_id <> $1 AND p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active)
        """
    ) { row in try row.bool(0) }

    private static func user(_ row: borrowing RowReader) throws -> ListedUser {
        ListedUser(
            user: User(
                id: try row.uuid(0), email: try row.optionalText(1), isEmailVerified: false,
                isActive: try row.bool(2), createdAt: try row.timestamp(4)),
            deactivatedAt: try row.optionalTimestamp(3), profile: try row.bool(6) ? try profile(row) : nil,
            updatedAt: try row.timestamp(5))
    }

    private static func profile(_ row: borrowing RowReader) throws -> Profile {
        Profile(
            userID: try row.uuid(0), email: try row.optionalText(7),
            details: PersonDetails(
                fullName: try row.optionalText(8), firstName: try row.optionalText(9),
                lastName: try row.optionalText(10), phone: try row.optionalText(11),
                avatarURL: try row.optionalText(12)),
            globalRole: GlobalRole(rawValue: try row.text(13)) ?? .globalUser, currentOrg: try row.optionalUUID(14),
            deletedAt: try row.optionalTimestamp(15), createdAt: try row.timestamp(16),
            updatedAt: try row.timestamp(17))
    }
}

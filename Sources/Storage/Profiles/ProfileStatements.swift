internal import Accounts
internal import Base
internal import Postgres

/// The statements about one's own profile; run as the caller.
enum ProfileStatements {
    static let update = Statement<Profile>(
        "profile_update",
        """
        UPDATE public.profiles SET full_name = CASE WHEN $2::boolean THEN $3 ELSE full_name END,
            first_name = CASE WHEN $4::boolean THEN $5 ELSE first_name END,
            last_name = CASE WHEN $6::boolean THEN $7 ELSE last_name END,
            phone = CASE WHEN $8::boolean THEN $9 ELSE phone END,
            avatar_url = CASE WHEN $10::boolean THEN $11 ELSE avatar_url END, updated_by = $1
        WHERE user_id = $1 AND ($12::timestamptz IS NULL OR updated_at = $12)
        RETURNING user_id, email, full_name, first_name, last_name, phone, avatar_url, global_role, current_org_id,
            deleted_at, created_at, updated_at
        """
    ) { row in try profile(row) }

    static let currentOrg = Statement<Profile>(
        "profile_set_current_org",
        """
        UPDATE public.profiles SET current_org_id = $2, updated_by = $1
        WHERE user_id = $1 AND ($3::timestamptz IS NULL OR updated_at = $3)
        RETURNING user_id, email, full_name, first_name, last_name, phone, avatar_url, global_role, current_org_id,
            deleted_at, created_at, updated_at
        """
    ) { row in try profile(row) }

    static let delete = Statement<EntityID>(
        "profile_delete",
        """
        UPDATE public.profiles SET deleted_at = now(), updated_by = $1 WHERE user_id = $1 AND deleted_at IS NULL
        RETURNING user_id
        """
    ) { row in try row.uuid(0) }

    /// Of anybody whom the caller may see.
    static let get = Statement<Profile>(
        "profile_get",
        """
        SELECT user_id, email, full_name, first_name, last_name, phone, avatar_url, global_role, current_org_id,
            deleted_at, created_at, updated_at
        FROM public.profiles WHERE user_id = $1
        """
    ) { row in try profile(row) }

    private static func profile(_ row: borrowing RowReader) throws -> Profile {
        Profile(
            userID: try row.uuid(0), email: try row.optionalText(1),
            details: PersonDetails(
                fullName: try row.optionalText(2), firstName: try row.optionalText(3),
                lastName: try row.optionalText(4), phone: try row.optionalText(5), avatarURL: try row.optionalText(6)),
            globalRole: GlobalRole(rawValue: try row.text(7)) ?? .globalUser, currentOrg: try row.optionalUUID(8),
            deletedAt: try row.optionalTimestamp(9), createdAt: try row.timestamp(10),
            updatedAt: try row.timestamp(11))
    }
}

internal import Accounts
internal import Base
internal import Postgres

/// The statements about members; run as the caller.
enum MemberStatements {
    static let list = Statement<OrgMember>(
        "member_list",
        """
        SELECT m.user_id, m.role, p.email, p.full_name, m.added_by, m.created_at, m.updated_at
        FROM public.org_members m LEFT JOIN public.profiles p ON p.user_id = m.user_id
        WHERE m.org_id = $1 AND ($2::text IS NULL OR m.role = $2)
        ORDER BY m.created_at, m.user_id LIMIT $3 OFFSET $4
        """
    ) { row in try member(row) }

    static let get = Statement<OrgMember>(
        "member_get",
        """
        SELECT m.user_id, m.role, p.email, p.full_name, m.added_by, m.created_at, m.updated_at
        FROM public.org_members m LEFT JOIN public.profiles p ON p.user_id = m.user_id
        WHERE m.org_id = $1 AND m.user_id = $2
        """
    ) { row in try member(row) }

    static let add = Statement(
        "member_add",
        "INSERT INTO public.org_members (org_id, user_id, role, added_by, created_by) VALUES ($1, $2, $3, $4, $4)")

    static let change = Statement<EntityID>(
        "member_change",
        """
        UPDATE public.org_members SET role = $3, updated_by = $4
        WHERE org_id = $1 AND user_id = $2 AND ($5::timestamptz IS NULL OR updated_at = $5) RETURNING user_id
        """
    ) { row in try row.uuid(0) }

    static let remove = Statement<EntityID>(
        "member_remove", "DELETE FROM public.org_members WHERE org_id = $1 AND user_id = $2 RETURNING user_id"
    ) { row in try row.uuid(0) }

    private static func member(_ row: borrowing RowReader) throws -> OrgMember {
        OrgMember(
            userID: try row.uuid(0), role: OrgRole(rawValue: try row.text(1)) ?? .user,
            email: try row.optionalText(2), fullName: try row.optionalText(3), addedBy: try row.optionalUUID(4),
            createdAt: try row.timestamp(5), updatedAt: try row.timestamp(6))
    }
}

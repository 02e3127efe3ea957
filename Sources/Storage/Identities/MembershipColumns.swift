internal import Accounts
internal import Base
internal import Postgres

/// The memberships of a user as columns of one row: the same place of each array is one membership.
struct MembershipColumns {
    /// Of the user `u`, as `m`; and when one of them, or its org, was changed last.
    static let ofUser: SQL = """
        (SELECT coalesce(array_agg(o.id ORDER BY o.id), '{}') AS ids,
            coalesce(array_agg(o.name ORDER BY o.id), '{}') AS names,
            coalesce(array_agg(o.slug ORDER BY o.id), '{}') AS slugs,
            coalesce(array_agg(m.role ORDER BY o.id), '{}') AS roles,
            max(greatest(m.updated_at, o.updated_at)) AS changed
        FROM public.org_members m JOIN public.org o ON o.id = m.org_id
        WHERE m.user_id = u.id AND o.deleted_at IS NULL) m
        """

    var ids: [EntityID]
    var names: [String]
    var slugs: [String]
    var roles: [String]

    func memberships(_ grants: GrantColumns) -> [Membership] {
        zip(zip(ids, roles), zip(names, slugs)).map { place, label in
            Membership(
                orgID: place.0, name: label.0, slug: label.1, role: OrgRole(rawValue: place.1) ?? .user,
                roles: grants.roles(in: place.0), permissions: grants.permissions(in: place.0))
        }
    }
}

/// The roles that a user was given, as columns of one row: the org, empty for everywhere, the role's code, and the codes
/// of its permissions with spaces between.
struct GrantColumns {
    /// Of the user `u`, as `r`.
    static let ofUser: SQL = """
        (SELECT coalesce(array_agg(coalesce(g.org_id::text, '')), '{}') AS orgs,
            coalesce(array_agg(x.code), '{}') AS codes,
            coalesce(array_agg(coalesce((
                SELECT string_agg(c.code, ' ' ORDER BY c.code)
                FROM public.role_permissions a JOIN public.permissions c ON c.id = a.permission_id
                WHERE a.role_id = x.id), '')), '{}') AS permissions
        FROM public.granted_roles(u.id) g JOIN public.roles x ON x.id = g.role_id) r
        """

    private struct Grants {
        var roles: [String] = []
        /// Of each role the codes with spaces between.
        var permissions: [String] = []
    }

    private var byOrg: [EntityID: Grants] = [:]
    private var everywhere = Grants()

    init(orgs: [String], codes: [String], permissions: [String]) {
        for (org, (code, permissions)) in zip(orgs, zip(codes, permissions)) {
            if let org = EntityID(org) {
                byOrg[org, default: Grants()].roles.append(code)
                byOrg[org, default: Grants()].permissions.append(permissions)
            } else if org.isEmpty {
                everywhere.roles.append(code)
                everywhere.permissions.append(permissions)
            }
        }
    }

    var globalRoles: [String] { everywhere.roles.sorted() }
    var globalPermissions: PermissionSet { KnownPermissions.set(everywhere.permissions) }

    func roles(in org: EntityID) -> [String] { byOrg[org]?.roles.sorted() ?? [] }

    func permissions(in org: EntityID) -> PermissionSet {
        byOrg[org].map { KnownPermissions.set($0.permissions) } ?? .none
    }
}

internal import Accounts
internal import Base
internal import Postgres

/// The memberships of a user as columns of one row: the same place of each array is one membership.
struct MembershipColumns {
    /// Of the user `u`, as `m`; and when one of them, or its org, was changed last.
    static let ofUser: SQL = """
        (SELECT coalesce(array_agg(x.id), '{}') AS ids, coalesce(array_agg(x.name), '{}') AS names,
            coalesce(array_agg(x.slug), '{}') AS slugs, coalesce(array_agg(x.role), '{}') AS roles,
            max(x.changed) AS changed
        FROM (
            SELECT o.id, o.name, o.slug, m.role, greatest(m.updated_at, o.updated_at) AS changed
            FROM public.org_members m JOIN public.org o ON o.id = m.org_id
            WHERE m.user_id = u.id AND o.deleted_at IS NULL ORDER BY o.id) x) m
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

/// The roles that a user was given, as columns of one row: the orgs with spaces between, `-` for everywhere; the role's
/// code; the codes of its permissions with spaces between. A role stands there once, in however many orgs it was given.
struct GrantColumns {
    /// Of the user `u`, as `r`.
    static let ofUser: SQL = """
        (SELECT coalesce(array_agg(g.orgs), '{}') AS orgs, coalesce(array_agg(x.code), '{}') AS codes,
            coalesce(array_agg(coalesce((
                SELECT string_agg(c.code, ' ' ORDER BY c.code)
                FROM public.role_permissions a JOIN public.permissions c ON c.id = a.permission_id
                WHERE a.role_id = x.id), '')), '{}') AS permissions
        FROM (SELECT f.role_id, string_agg(coalesce(f.org_id::text, '-'), ' ') AS orgs
            FROM public.granted_roles(u.id) f GROUP BY f.role_id) g JOIN public.roles x ON x.id = g.role_id) r
        """

    private struct Grants {
        var roles: [String] = []
        /// Of each role the codes with spaces between.
        var permissions: [String] = []

        mutating func add(_ role: String, _ permissions: String) {
            roles.append(role)
            self.permissions.append(permissions)
        }
    }

    private var byOrg: [EntityID: Grants] = [:]
    private var everywhere = Grants()

    init(orgs: [String], codes: [String], permissions: [String]) {
        for (orgs, (code, permissions)) in zip(orgs, zip(codes, permissions)) {
            for org in orgs.split(separator: " ") {
                if let org = EntityID(org) {
                    byOrg[org, default: Grants()].add(code, permissions)
                } else if org == "-" {
                    everywhere.add(code, permissions)
                }
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

internal import Accounts
internal import Base

/// The memberships of a user as columns of one row: the same place of each array is one membership.
struct MembershipColumns {
    var ids: [EntityID]
    var names: [String]
    var slugs: [String]
    var roles: [String]

    func memberships(_ permissions: PermissionColumns) -> [Membership] {
        zip(zip(ids, roles), zip(names, slugs)).map { place, label in
            Membership(
                orgID: place.0, name: label.0, slug: label.1, role: OrgRole(rawValue: place.1) ?? .user,
                permissions: permissions.of(place.0))
        }
    }
}

/// The permissions of a user as columns of one row: the org, empty for everywhere, and the permission's code.
struct PermissionColumns {
    private var byOrg: [EntityID: [Permission]] = [:]
    private(set) var global = PermissionSet.none

    init(orgs: [String], codes: [String]) {
        guard !codes.isEmpty else { return }
        var everywhere: [Permission] = []
        for (org, code) in zip(orgs, codes) {
            guard let permission = Permission(code) else { continue }
            if let org = EntityID(org) {
                byOrg[org, default: []].append(permission)
            } else if org.isEmpty {
                everywhere.append(permission)
            }
        }
        global = PermissionSet(everywhere)
    }

    func of(_ org: EntityID) -> PermissionSet {
        byOrg[org].map { PermissionSet($0) } ?? .none
    }
}

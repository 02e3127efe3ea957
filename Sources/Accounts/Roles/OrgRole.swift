/// What a member may do in one org. A higher role satisfies a lower one.
public enum OrgRole: String, Sendable, CaseIterable, Comparable {
    case user = "org_user"
    case admin = "org_admin"
    case owner = "org_owner"

    /// 0 for a user, 1 for an admin, 2 for an owner.
    public var rank: Int {
        switch self {
        case .user: 0
        case .admin: 1
        case .owner: 2
        }
    }

    /// The lower role comes first.
    public static func < (left: OrgRole, right: OrgRole) -> Bool {
        left.rank < right.rank
    }
}

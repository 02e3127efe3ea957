/// What a user may do on the platform as a whole. A higher role satisfies a lower one.
public enum GlobalRole: String, Sendable, CaseIterable, Comparable {
    case platformOwner = "platform_owner"
    case platformAdmin = "platform_admin"
    case superAdmin = "super_admin"
    case globalOwner = "global_owner"
    case globalAdmin = "global_admin"
    case globalUser = "global_user"

    /// 5 for the owner of the platform, down to 0 for an ordinary user.
    public var rank: Int {
        switch self {
        case .platformOwner: 5
        case .platformAdmin: 4
        case .superAdmin: 3
        case .globalOwner: 2
        case .globalAdmin: 1
        case .globalUser: 0
        }
    }

    /// Whether the role is one of the five that may administer the platform.
    public var isAdmin: Bool { self != .globalUser }

    /// The lower role comes first.
    public static func < (left: GlobalRole, right: GlobalRole) -> Bool {
        left.rank < right.rank
    }
}

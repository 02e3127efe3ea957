internal import Accounts
internal import Synchronization

/// The sets of permissions that were read, so that people with the same roles share one: there are many people and few
/// combinations of roles.
enum KnownPermissions {
    /// So many are remembered; beyond that it begins anew.
    private static let capacity = 1024
    private static let sets = Mutex<[String: PermissionSet]>([:])

    /// The set of these roles' permissions; of each role the codes with spaces between.
    static func set(_ roles: [String]) -> PermissionSet {
        let text = roles.count == 1 ? roles[0] : roles.sorted().joined(separator: " ")
        if text.isEmpty { return .none }
        if let known = sets.withLock({ $0[text] }) { return known }
        let read = PermissionSet(text.split(separator: " ").compactMap { Permission(String($0)) })
        sets.withLock { sets in
            if sets.count >= capacity { sets.removeAll() }
            sets[text] = read
        }
        return read
    }
}

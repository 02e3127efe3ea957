/// The permissions that somebody holds, made ready for checks: one look-up, then only the ones with `*`.
public struct PermissionSet: Sendable, Equatable {
    private let exact: Set<Permission>
    private let patterns: [Permission]

    /// Nothing is granted.
    public static let none = PermissionSet([])

    /// Holds the given permissions; the same one twice counts once.
    public init(_ permissions: some Sequence<Permission>) {
        let all = Set(permissions)
        exact = all.filter { !$0.hasWildcard }
        patterns = all.filter(\.hasWildcard).sorted { $0.description < $1.description }
    }

    /// Whether nothing is granted.
    public var isEmpty: Bool { exact.isEmpty && patterns.isEmpty }

    /// Every permission as written, in alphabetical order.
    public var all: [String] {
        (exact.map(\.description) + patterns.map(\.description)).sorted()
    }

    /// Whether the permission is granted, by name or by a pattern.
    public func grants(_ permission: Permission) -> Bool {
        exact.contains(permission) || patterns.contains { $0.grants(permission) }
    }

    /// Both sets together.
    public func union(_ other: PermissionSet) -> PermissionSet {
        PermissionSet(Array(exact) + patterns + Array(other.exact) + other.patterns)
    }
}

/// What a rule asks of whoever comes; everything that is named must hold.
public struct RouteRequirement: Sendable, Equatable {
    /// Whether nobody needs to be signed in.
    public var isAnonymous = false
    /// The least role on the platform.
    public var globalRole: GlobalRole?
    /// The least role in the org of the request.
    public var orgRole: OrgRole?
    /// Permissions in the org of the request, all of them.
    public var permissions: [Permission] = []
    /// OAuth scopes of the token, all of them.
    public var scopes: [String] = []
    /// Whether the person must have shown more than one factor.
    public var needsMFA = false
    /// The longest time since the person signed in, in seconds.
    public var maximumAge: Int64?

    /// A valid token of a known person, nothing more.
    public static let authenticated = RouteRequirement()
    /// Nothing.
    public static let anonymous: RouteRequirement = {
        var requirement = RouteRequirement()
        requirement.isAnonymous = true
        return requirement
    }()
}

public import Base

/// Which org a request is about: the path's, else the header's, else the profile's current one.
public enum RequestedOrg: Sendable, Equatable {
    /// None was named, and the profile has no current one.
    case none
    /// An org that the principal belongs to.
    case member(Membership)
    /// The path names an org that the principal does not belong to, or something that is no org id.
    case foreignPath(EntityID?)
    /// The header `X-Org-Id` names such an org. Always refused.
    case foreignHeader

    /// Finds the org of a request.
    ///
    /// - Parameters:
    ///   - path: the text of the matching rule's `{org_id}`, where it has one.
    ///   - header: the value of `X-Org-Id`, where it was sent; an empty one counts as not sent.
    ///   - principal: whose request it is; nil for a verified identity without a user.
    public init(path: String?, header: String?, principal: Principal?) {
        if let path {
            let org = EntityID(path)
            if let org, let membership = principal?.membership(in: org) {
                self = .member(membership)
            } else {
                self = .foreignPath(org)
            }
        } else if let header, !header.isEmpty {
            if let org = EntityID(header), let membership = principal?.membership(in: org) {
                self = .member(membership)
            } else {
                self = .foreignHeader
            }
        } else if let principal, let org = principal.currentOrg, let membership = principal.membership(in: org) {
            self = .member(membership)
        } else {
            self = .none
        }
    }
}

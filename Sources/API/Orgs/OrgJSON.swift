internal import Accounts
internal import Base

extension JSONWriter {
    /// The members of an org.
    mutating func members(of org: Org) {
        member("id", org.id)
        member("name", org.name)
        member("slug", org.slug)
        member("description", org.description)
        member("owner_id", org.ownerID)
        member("is_active", org.isActive)
        member("invite_links", org.allowsInviteLinks)
        member("created_at", org.createdAt)
        member("updated_at", org.updatedAt)
    }
}

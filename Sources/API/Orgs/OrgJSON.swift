internal import Accounts
internal import Base
internal import HTTP

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

extension Schema {
    /// An org.
    static let org = component(
        "Org",
        .object([
            Property("id", .uuid), Property("name", .text), Property("slug", .text),
            Property("description", .text.orNull), Property("owner_id", .uuid.orNull, "Who made it."),
            Property("is_active", .bool),
            Property("invite_links", .bool, "Whether its admins may make links of invites."),
            Property("created_at", .time), Property("updated_at", .time),
        ]))
    /// The short name of an org.
    static let slug = text(1...63, pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
    /// A role in an org.
    static let orgRole = component("OrgRole", .choice(OrgRole.self))
}

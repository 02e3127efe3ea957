internal import Accounts
internal import Base
internal import HTTP

extension JSONWriter {
    /// The members of a person's place in an org.
    mutating func members(of member: OrgMember, _ org: EntityID) {
        self.member("org_id", org)
        self.member("user_id", member.userID)
        self.member("role", member.role.rawValue)
        self.member("email", member.email)
        self.member("full_name", member.fullName)
        self.member("added_by", member.addedBy)
        self.member("created_at", member.createdAt)
        self.member("updated_at", member.updatedAt)
    }
}

extension Schema {
    /// A person's place in an org.
    static let member = component(
        "Member",
        .object([
            Property("org_id", .uuid), Property("user_id", .uuid), Property("role", .orgRole),
            Property("email", .text.orNull), Property("full_name", .text.orNull), Property("added_by", .uuid.orNull),
            Property("created_at", .time), Property("updated_at", .time),
        ]))
}

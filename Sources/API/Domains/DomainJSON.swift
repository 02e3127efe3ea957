internal import Accounts
internal import Base
internal import HTTP

extension JSONWriter {
    /// The members of a domain, with the DNS record that proves it.
    mutating func members(of domain: OrgDomain) {
        member("id", domain.id)
        member("org_id", domain.orgID)
        member("domain", domain.domain)
        member("auto_provision", domain.autoProvision)
        member("default_role", domain.defaultRole.rawValue)
        member("is_verified", domain.isVerified)
        member("verified_at", domain.verifiedAt)
        member("missing_since", domain.missingSince)
        object("verification") { writer in
            writer.member("type", "TXT")
            writer.member("name", domain.recordName)
            writer.member("value", domain.recordValue)
        }
        member("created_at", domain.createdAt)
        member("updated_at", domain.updatedAt)
    }
}

extension Schema {
    /// An e-mail domain of an org.
    static let domain = component(
        "Domain",
        .object([
            Property("id", .uuid), Property("org_id", .uuid), Property("domain", .text),
            Property("auto_provision", .bool, "Whether people with such an address may come in."),
            Property("default_role", .orgRole, "As what they come in."),
            Property("is_verified", .bool), Property("verified_at", .time.orNull),
            Property("missing_since", .time.orNull, "Since when the record of a verified domain is gone."),
            Property(
                "verification",
                .object([Property("type", .choice(["TXT"])), Property("name", .text), Property("value", .text)]),
                "The DNS record that proves it."),
            Property("created_at", .time), Property("updated_at", .time),
        ]))
}

internal import Accounts
internal import Base

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

internal import Accounts
internal import Base
internal import HTTP
internal import Tokens

extension JSONWriter {
    /// The members of a user.
    mutating func members(of user: User) {
        member("id", user.id)
        member("email", user.email)
        member("is_active", user.isActive)
        member("created_at", user.createdAt)
    }

    /// The members of a profile.
    mutating func members(of profile: Profile) {
        member("user_id", profile.userID)
        member("email", profile.email)
        member("full_name", profile.details.fullName)
        member("first_name", profile.details.firstName)
        member("last_name", profile.details.lastName)
        member("phone", profile.details.phone)
        member("avatar_url", profile.details.avatarURL)
        member("global_role", profile.globalRole.rawValue)
        member("current_org_id", profile.currentOrg)
        member("created_at", profile.createdAt)
        member("updated_at", profile.updatedAt)
    }

    /// The user's orgs as the member `organizations`.
    mutating func organizations(_ memberships: [Membership]) {
        array("organizations", of: memberships) { writer, membership in
            writer.member("org_id", membership.orgID)
            writer.member("name", membership.name)
            writer.member("slug", membership.slug)
            writer.member("role", membership.role.rawValue)
        }
    }

    /// The members of an identity.
    mutating func members(of identity: Identity) {
        member("provider", identity.provider.rawValue)
        member("subject", identity.subject)
        member("issuer", identity.issuer)
    }

    /// A person with all that belongs to them.
    mutating func members(of person: Person) {
        member("id", person.user.id)
        object("user") { $0.members(of: person.user) }
        key("profile")
        if let profile = person.profile { object { $0.members(of: profile) } } else { null() }
        array("identities", of: person.identities) { $0.members(of: $1) }
        organizations(person.memberships)
    }

    /// The answer to a login.
    mutating func members(of provisioned: Provisioned) {
        let account = provisioned.account
        object("user") { $0.members(of: account.user) }
        key("profile")
        if let profile = account.profile { object { $0.members(of: profile) } } else { null() }
        object("identity") { $0.members(of: account.identity) }
        organizations(account.memberships)
        let admission = provisioned.admission
        object("decision") { writer in
            writer.member("outcome", admission.outcome.rawValue)
            writer.memberIfPresent("org_id", admission.orgID)
            writer.memberIfPresent("invite_id", admission.inviteID)
            writer.memberIfPresent("domain", admission.domain)
            if !admission.joined.isEmpty { writer.member("joined", admission.joined) }
        }
    }
}

extension Schema {
    /// A user.
    static let user = component(
        "User",
        .object([
            Property("id", .uuid), Property("email", .text.orNull), Property("is_active", .bool),
            Property("created_at", .time),
        ]))
    /// A role on the platform.
    static let globalRole = component("GlobalRole", .choice(GlobalRole.self))
    /// A profile.
    static let profile = component("Profile", .object(profileProperties))
    /// One's own profile with the orgs.
    static let ownProfile = component(
        "OwnProfile", .object(profileProperties + [Property("organizations", organizations)]))
    /// The orgs that somebody belongs to.
    static let organizations = array(
        .component(
            "Membership",
            .object([
                Property("org_id", .uuid), Property("name", .text), Property("slug", .text), Property("role", .orgRole),
            ])))
    /// An identity at a provider.
    static let identity = component(
        "Identity",
        .object([
            Property("provider", .choice(["okta", "clerk", "oidc"])), Property("subject", .text),
            Property("issuer", .text),
        ]))
    /// A person with all that belongs to them.
    static let person = component(
        "Person",
        .object([
            Property("id", .uuid), Property("user", .user), Property("profile", .profile.orNull),
            Property("identities", .array(.identity)), Property("organizations", organizations),
        ]))
    /// The answer to a login.
    static let provisioned = component(
        "Provisioned",
        .object([
            Property("user", .user), Property("profile", .profile.orNull), Property("identity", .identity),
            Property("organizations", organizations),
            Property(
                "decision",
                .object([
                    Property("outcome", .text), .optional("org_id", .uuid), .optional("invite_id", .uuid),
                    .optional("domain", .text), .optional("joined", .array(.uuid)),
                ])),
        ]))

    private static let profileProperties = [
        Property("user_id", .uuid), Property("email", .text.orNull), Property("full_name", .text.orNull),
        Property("first_name", .text.orNull), Property("last_name", .text.orNull), Property("phone", .text.orNull),
        Property("avatar_url", .text.orNull), Property("global_role", .globalRole),
        Property("current_org_id", .uuid.orNull), Property("created_at", .time), Property("updated_at", .time),
    ]
}

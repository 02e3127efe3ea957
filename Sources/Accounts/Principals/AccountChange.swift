public import Base

/// Something that changed in the database and that remembered principals may depend on.
public enum AccountChange: Sendable, Equatable {
    /// A user, its profile, an identity or a membership of it.
    case user(EntityID)
    /// An org's name or slug, or that it exists.
    case org(EntityID)
    /// What a role permits; an org's role, or with nil a system role.
    case role(org: EntityID?)
    /// Something that lets in the person with this e-mail, such as an invite; canonical form.
    case email(String)
    /// Something that lets in the people of this domain.
    case domain(String)
    /// The identity came to belong to a user.
    case identity(issuer: String, subject: String)
    /// People who had no account have one now; who they are is not said.
    case newcomers
    /// A platform owner, or something else that may concern anybody.
    case everything
}

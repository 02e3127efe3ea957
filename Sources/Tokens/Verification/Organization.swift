/// The organization that a Clerk session is in; claims versions 1 and 2 read the same.
public struct Organization: Sendable, Hashable {
    /// `org_…`.
    public let id: String
    /// The slug, where the token has it.
    public let slug: String?
    /// The role without the prefix `org:`, e.g. `admin`.
    public let role: String?
    /// Permissions in full, `org:<feature>:<permission>`.
    public let permissions: [String]
}

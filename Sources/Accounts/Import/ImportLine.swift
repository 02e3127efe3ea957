public import Base

/// One person of a file that is imported.
public struct ImportLine: Sendable, Equatable {
    /// The stable id of the person at the provider; nil: the first login with the e-mail, verified, brings it.
    public let subject: String?
    /// The e-mail.
    public let email: EmailAddress
    /// What the file says of the e-mail; nil where it says nothing.
    public let emailVerified: Bool?
    /// Names.
    public let person: PersonDetails
    /// The slug of the org that the person joins; nil for none.
    public let orgSlug: String?
    /// The role there.
    public let role: OrgRole

    /// Describes a person.
    public init(
        subject: String?, email: EmailAddress, emailVerified: Bool? = nil, person: PersonDetails = .unknown,
        orgSlug: String? = nil, role: OrgRole = .user
    ) {
        self.subject = subject
        self.email = email
        self.emailVerified = emailVerified
        self.person = person
        self.orgSlug = orgSlug
        self.role = role
    }
}

/// A line of the file: the person, or why the line is refused.
public struct ImportEntry: Sendable {
    /// Its number in the file, from 1; of a record that spans lines, the first.
    public let line: Int
    /// What it says.
    public let content: Result<ImportLine, ImportRefusal>

    /// Puts a line together.
    public init(line: Int, _ content: Result<ImportLine, ImportRefusal>) {
        self.line = line
        self.content = content
    }
}

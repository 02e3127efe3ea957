internal import Base

/// The fields of a line as texts, whatever the format; what both formats check.
struct ImportFields {
    static let names = [
        "subject", "email", "email_verified", "full_name", "first_name", "last_name", "org_slug", "role",
    ]

    var subject: String?
    var email: String?
    var emailVerified: Bool?
    var fullName: String?
    var firstName: String?
    var lastName: String?
    var orgSlug: String?
    var role: String?

    /// Takes a text; an empty one counts as absent. False where the field is no text or unknown.
    mutating func set(_ name: String, _ text: String) -> Bool {
        let value = text.isEmpty ? nil : text
        switch name {
        case "subject": subject = value
        case "email": email = value
        case "full_name": fullName = value
        case "first_name": firstName = value
        case "last_name": lastName = value
        case "org_slug": orgSlug = value
        case "role": role = value
        default: return false
        }
        return true
    }

    func line() throws(ImportRefusal) -> ImportLine {
        guard let email else { throw ImportRefusal(.emailMissing) }
        guard let address = EmailAddress(email) else { throw ImportRefusal(.emailInvalid) }
        if let subject {
            let fits = subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
            guard fits, subject.unicodeScalars.count <= Identity.maximumSubject else {
                throw ImportRefusal(.subjectInvalid)
            }
        }
        // No slug is longer, and none has another character.
        if let orgSlug, orgSlug.utf8.count > 63 || orgSlug.utf8.contains(0) { throw ImportRefusal(.orgNotFound) }
        var orgRole = OrgRole.user
        if let role {
            guard let known = OrgRole(rawValue: role), orgSlug != nil else { throw ImportRefusal(.roleInvalid) }
            orgRole = known
        }
        let person = PersonDetails(fullName: fullName, firstName: firstName, lastName: lastName)
        return ImportLine(
            subject: subject, email: address, emailVerified: emailVerified, person: person.withFullName,
            orgSlug: orgSlug, role: orgRole)
    }
}

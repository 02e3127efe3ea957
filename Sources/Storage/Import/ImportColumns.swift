internal import Accounts
internal import Base

/// The rows of a round, column by column; an empty text is no value.
struct ImportColumns {
    var lines: [String] = []
    var userIDs: [EntityID] = []
    var identityIDs: [EntityID] = []
    var subjects: [String] = []
    var emails: [String] = []
    var canonicals: [String] = []
    var verified: [String] = []
    var fullNames: [String] = []
    var firstNames: [String] = []
    var lastNames: [String] = []
    var slugs: [String] = []
    var roles: [String] = []
    var problems: [String] = []
    var details: [String] = []

    init(_ rows: [ImportRow]) {
        for row in rows { add(row) }
    }

    private mutating func add(_ row: ImportRow) {
        var person: ImportLine?
        var refusal: ImportRefusal?
        switch row.content {
        case .success(let line): person = line
        case .failure(let why): refusal = why
        }
        lines.append(String(row.line))
        userIDs.append(row.userID)
        identityIDs.append(row.identityID)
        subjects.append(person?.subject ?? "")
        emails.append(person?.email.text ?? "")
        canonicals.append(person?.email.canonical ?? "")
        verified.append(row.isEmailVerified ? "yes" : "")
        fullNames.append(person?.person.fullName ?? "")
        firstNames.append(person?.person.firstName ?? "")
        lastNames.append(person?.person.lastName ?? "")
        slugs.append(person?.orgSlug ?? "")
        roles.append(person?.role.rawValue ?? "")
        problems.append(refusal?.reason.rawValue ?? "")
        details.append(refusal?.detail ?? "")
    }
}

/// Why a line is refused. Never holds a value of the line.
public struct ImportRefusal: Error, Sendable, Equatable {
    /// The machine code.
    public enum Reason: String, Sendable, CaseIterable {
        case lineInvalid = "line_invalid"
        case lineTooLong = "line_too_long"
        case fieldInvalid = "field_invalid"
        case subjectInvalid = "subject_invalid"
        case emailMissing = "email_missing"
        case emailInvalid = "email_invalid"
        case emailUnverified = "email_unverified"
        case roleInvalid = "role_invalid"
        case orgNotFound = "org_not_found"
        case identityConflict = "identity_conflict"
        case userDeactivated = "user_deactivated"

        /// What it means where nothing more is known.
        public var sentence: String {
            switch self {
            case .lineInvalid: "The line can't be read."
            case .lineTooLong: "The line is longer than \(ImportLimits.line) bytes."
            case .fieldInvalid: "A field has a value that does not fit."
            case .subjectInvalid: "subject must have at most \(Identity.maximumSubject) characters, none of control."
            case .emailMissing: "email is missing."
            case .emailInvalid: "email is no e-mail address."
            case .emailUnverified: "The e-mail is said not to be verified, and a verified one is required."
            case .roleInvalid: "role must be org_user, org_admin or org_owner, and stand with an org_slug."
            case .orgNotFound: "There is no org with this org_slug."
            case .identityConflict: "The e-mail or the subject belongs to another user."
            case .userDeactivated: "The user is deactivated."
            }
        }
    }

    /// The code.
    public let reason: Reason
    /// A sentence for a person.
    public let detail: String

    /// States a reason.
    public init(_ reason: Reason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail ?? reason.sentence
    }
}

/// How large a line may be.
public enum ImportLimits {
    /// Bytes of a line, or of a CSV record.
    public static let line = 65_536
    /// Columns of a CSV file.
    public static let columns = 64
}

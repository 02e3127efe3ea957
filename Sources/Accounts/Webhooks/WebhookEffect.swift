public import Base

/// What an event of an identity provider leads to here. Each can be done again without harm, and each says when it
/// became true, so that an older one never undoes a newer one.
public enum WebhookEffect: Sendable, Equatable {
    /// What the provider now says of a person.
    case person(subject: String, LookedUpPerson, saidAt: Timestamp)
    /// What the provider now calls a person; of their e-mail nothing is said.
    case names(subject: String, PersonDetails, saidAt: Timestamp)
    /// Whether the person may use the provider.
    case standing(WebhookSubject, Standing, at: Timestamp)
    /// One session has ended.
    case endSession(id: String, at: Timestamp)
    /// Every session of a person has ended: tokens issued up to then are refused.
    case endSessions(WebhookSubject, at: Timestamp)
    /// The person joined or left an org there that stands for one of ours.
    case membership(subject: String, org: EntityID, isMember: Bool, at: Timestamp)

    /// Whether a person may use their provider.
    public enum Standing: String, Sendable {
        /// They may.
        case active
        /// Not at present.
        case suspended
        /// Never again: a provider gives no id twice.
        case deleted
    }
}

/// Whom an event is about.
public enum WebhookSubject: Sendable, Equatable {
    /// The provider's id of them.
    case id(String)
    /// Whoever has this e-mail at the provider.
    case email(EmailAddress)

    /// As it stands in the record of deliveries.
    public var text: String {
        switch self {
        case .id(let id): id
        case .email(let address): address.text.lowercased()
        }
    }
}

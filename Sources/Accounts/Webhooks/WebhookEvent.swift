public import Base
public import Tokens

/// One event that a provider told, authenticated and read.
public struct WebhookEvent: Sendable {
    /// Who sent it.
    public var sender: WebhookSender
    /// By which it is known when it comes again.
    public var id: String
    /// The provider's name of its kind.
    public var type: String
    /// Whom it is about, where it is about somebody.
    public var subject: String?
    /// The issuer that it is about.
    public var issuer = ""
    /// For which e-mail domains that issuer's word is good.
    public var authority = EmailAuthority.none
    /// When it happened.
    public var occurredAt: Timestamp
    /// The part of it that is kept: JSON, see ``StoredPayload``.
    public var payload: [UInt8]
    /// What it leads to; nothing for kinds that concern nobody here.
    public var effects: [WebhookEffect]

    /// Puts an event together.
    public init(
        sender: WebhookSender, id: String, type: String, subject: String? = nil, issuer: String = "",
        occurredAt: Timestamp, payload: [UInt8], effects: [WebhookEffect]
    ) {
        self.sender = sender
        self.id = id
        self.type = type
        self.subject = subject
        self.issuer = issuer
        self.occurredAt = occurredAt
        self.payload = payload
        self.effects = effects
    }

    /// The longest id and the longest name of a kind that are taken.
    public static let longestName = 255

    /// What becomes of a delivery.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Its effects are written.
        case done
        /// It is recorded and concerns nobody here.
        case ignored
        /// It was done before.
        case repeated
    }
}

public import Base

/// A recorded delivery, as administrators see it.
public struct WebhookDelivery: Sendable {
    /// The row.
    public var id: EntityID
    /// Who sent it.
    public var sender: WebhookSender
    /// The sender's id of it.
    public var deliveryID: String
    /// The sender's name of its kind.
    public var type: String
    /// Whom it is about.
    public var subject: String?
    /// `received`, `done`, `ignored` or `failed`.
    public var status: String
    /// Why it failed, or why it led to nothing.
    public var error: String?
    /// How often it came or was done again.
    public var attempts: Int64
    /// When it happened.
    public var occurredAt: Timestamp?
    /// When its effects were written.
    public var doneAt: Timestamp?
    /// When it came first.
    public var createdAt: Timestamp
    /// The kept part; `{}` once the person was erased.
    public var payload: [UInt8]

    /// What may have become of a delivery.
    public enum Status: String, Sendable, CaseIterable {
        /// Recorded.
        case received
        /// Its effects are written.
        case done
        /// It led to nothing.
        case ignored
        /// It could not be done.
        case failed
    }

    /// Describes a delivery.
    public init(
        id: EntityID, sender: WebhookSender, deliveryID: String, type: String, subject: String?, status: String,
        error: String?, attempts: Int64, occurredAt: Timestamp?, doneAt: Timestamp?, createdAt: Timestamp,
        payload: [UInt8]
    ) {
        self.id = id
        self.sender = sender
        self.deliveryID = deliveryID
        self.type = type
        self.subject = subject
        self.status = status
        self.error = error
        self.attempts = attempts
        self.occurredAt = occurredAt
        self.doneAt = doneAt
        self.createdAt = createdAt
        self.payload = payload
    }
}

/// Which deliveries are asked for; nil: any.
public struct WebhookFilter: Sendable, Equatable {
    /// The sender's name.
    public var sender: String?
    /// The status.
    public var status: String?
    /// The kind.
    public var type: String?
    /// Whom they are about.
    public var subject: String?

    /// All deliveries.
    public init() {}
}

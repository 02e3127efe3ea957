/// Who sends webhooks.
public enum WebhookSender: String, Sendable, CaseIterable {
    /// Clerk, through Svix.
    case clerk
    /// Okta's event hooks.
    case okta
    /// Any configured issuer, by Security Event Tokens.
    case ssf
}

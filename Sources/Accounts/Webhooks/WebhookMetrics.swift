public import Base

/// Counts deliveries by sender and by what became of them; shared by all loops.
public final class WebhookMetrics: Sendable {
    private let outcomes: [WebhookSender: [String: Counter]]
    private static let refused = "refused"
    private static let failed = "failed"

    /// Registers the counters.
    public init(_ registry: MetricsRegistry) {
        let words = WebhookEvent.Outcome.allCases.map(\.rawValue) + [Self.refused, Self.failed]
        outcomes = Dictionary(
            uniqueKeysWithValues: WebhookSender.allCases.map { sender in
                let counters = words.map { word in
                    let labels: KeyValuePairs = ["sender": sender.rawValue, "outcome": word]
                    return (
                        word,
                        registry.counter(
                            "vestibule_webhooks_total", "Webhook events by sender and outcome.", labels: labels)
                    )
                }
                return (sender, Dictionary(uniqueKeysWithValues: counters))
            })
    }

    func count(_ sender: WebhookSender, _ outcome: WebhookEvent.Outcome) {
        outcomes[sender]?[outcome.rawValue]?.add()
    }

    /// A delivery whose signature, secret or form is not as it must be.
    func countRefusal(_ sender: WebhookSender) {
        outcomes[sender]?[Self.refused]?.add()
    }

    /// An event that was genuine and could not be done.
    func countFailure(_ sender: WebhookSender) {
        outcomes[sender]?[Self.failed]?.add()
    }
}

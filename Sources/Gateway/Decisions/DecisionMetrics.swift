public import Base

/// Counts decisions by outcome; shared by all loops.
public final class DecisionMetrics: Sendable {
    private let allowed: Counter
    /// By the place of the code.
    private let denied: [Counter]

    /// Registers the counters, one for each code that a denial may have.
    public init(_ registry: MetricsRegistry) {
        let name = "vestibule_decisions_total"
        let help = "Authorizer decisions by outcome and reason."
        allowed = registry.counter(name, help, labels: ["decision": "allow", "reason": ""])
        denied = ErrorCode.allCases.map { code in
            registry.counter(name, help, labels: ["decision": "deny", "reason": code.rawValue])
        }
    }

    func allow() {
        allowed.add()
    }

    func deny(_ code: ErrorCode) {
        denied[code.index].add()
    }
}

/// What came of testing an issuer's configuration, step by step.
public struct ProviderReport: Sendable {
    /// One step of the test.
    public struct Step: Sendable, Hashable {
        /// What a step tests.
        public enum Name: String, Sendable, CaseIterable {
            /// The issuer's URL is one that may be asked.
            case url
            /// Its host's name has addresses.
            case dns
            /// A connection can be made.
            case connect
            /// The certificate is trusted.
            case tls
            /// There is a discovery document.
            case discovery
            /// It is of exactly this issuer.
            case issuer
            /// There is a key set with usable keys.
            case keySet = "jwks"
            /// A key fits an algorithm that is allowed.
            case algorithms
            /// The clocks agree.
            case clock
        }

        /// What came of a step.
        public enum Outcome: String, Sendable {
            /// It is as it should be.
            case passed
            /// It works, but somebody should look at it.
            case warning
            /// It does not work.
            case failed
            /// It was not needed, or not reached.
            case skipped
        }

        /// What was tested.
        public let name: Name
        /// What came of it.
        public let outcome: Outcome
        /// A sentence for the administrator.
        public let message: String
        /// How long it took, where it takes time.
        public let duration: Duration?
    }

    /// All steps, in their order.
    public private(set) var steps: [Step] = []

    /// Nothing was tested yet.
    public init() {}

    /// Whether tokens of the issuer can be verified.
    public var isUsable: Bool { !steps.contains { $0.outcome == .failed } }

    /// Adds what came of a step.
    public mutating func add(_ name: Step.Name, _ outcome: Step.Outcome, _ message: String, _ duration: Duration? = nil)
    {
        steps.append(Step(name: name, outcome: outcome, message: message, duration: duration))
    }

    /// The steps that were not reached, as skipped.
    public mutating func complete() {
        for name in Step.Name.allCases where !steps.contains(where: { $0.name == name }) {
            add(name, .skipped, "Not reached.")
        }
        let order = Step.Name.allCases
        steps.sort { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
    }
}

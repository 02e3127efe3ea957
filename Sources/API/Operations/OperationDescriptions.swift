internal import HTTP

extension OperationRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let alive = Operation(
            "healthz", tag: tag, "Whether the process lives", access: .anyone,
            answers: [Operation.Answer(200, "It does.", .object([Property("status", .choice(["alive"]))]))])
        static let ready = Operation(
            "readyz", tag: tag, "Whether requests can be answered",
            notes: "Database, migrations, and a usable key set of an identity provider. What is wrong is told to "
                + "`VESTIBULE_METRICS_PEERS` alone.", access: .anyone,
            answers: [
                Operation.Answer(200, "They can.", state), Operation.Answer(503, "Not now.", state),
            ])
        static let metrics = Operation(
            "metrics", tag: tag, "Figures for Prometheus", notes: "For `VESTIBULE_METRICS_PEERS`.", access: .anyone,
            answers: [Operation.Answer(200, "The text format 0.0.4.", mediaType: "text/plain")], refusals: [403])

        private static let tag = "Service"
        private static let state = Schema.object([
            Property("status", .choice(["ready", "not ready"])), .optional("checks", .anyObject),
        ])
    }
}

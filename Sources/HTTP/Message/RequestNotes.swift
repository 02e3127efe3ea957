public import Base

/// What is found out and said of a request while it is answered: one value, so that all of it is forgotten at once.
public struct RequestNotes {
    /// The user for whom the request is answered, for the log.
    public var userID: EntityID?
    /// The org within which it is answered, for the log.
    public var tenantID: EntityID?
    /// How the limit of whoever makes the request stands, for the fields of the answer.
    public var allowance: Allowance?

    /// Where the request waits to be asked about again; set by handlers whose `answerNow` has given nil for that alone.
    public var turns: TurnQueue?

    /// The template of the route that took the request, for logs and metrics; `unmatched` before or without one.
    var route = unmatched
    static let unmatched = "unmatched"

    /// The route that the router has found.
    var target: RouteTarget?
    /// The names of the route's parameters, in the template's order.
    var parameterNames: [String] = []
    /// The methods of the path, where the one asked for is not among them.
    var allow: String?
    /// What went wrong inside, for the log.
    var failure: String?
    /// The request's place in a trace; nil where nothing is traced.
    var span: OpenSpan?
    /// When a task began to answer.
    var begun = Instant(nanoseconds: 0)
    /// Whether the peer has ended its side while the answer is outstanding.
    var isDisconnected = false
}

extension Request {
    /// The template of the route that took the request, for logs and metrics; `unmatched` before or without one.
    public var route: String { notes.route }

    /// Whether the peer has ended its side while the answer is outstanding. It may still read the answer (a half-closed
    /// connection), but long work for it is likely in vain.
    public var isDisconnected: Bool { notes.isDisconnected }
}

internal import Base

/// A span for every request, named by OpenTelemetry's conventions for HTTP servers.
///
/// Paths, queries, addresses and fields are left out: they tell who somebody is and what they hold.
struct RequestTracing {
    let tracer: Tracer

    init(_ tracer: Tracer) {
        self.tracer = tracer
    }

    /// Begins the request's span, within its caller's trace; none for probes, which come all the time.
    func begin(_ request: Request) -> OpenSpan? {
        let isProbe = request.withPath { $0.spells("/healthz") || $0.spells("/readyz") || $0.spells("/metrics") }
        return isProbe ? nil : tracer.begin(request.caller)
    }

    static func end(_ span: OpenSpan, _ request: Request, _ status: Int) {
        guard span.isRecorded else { return }
        let method = request.method.isKnown ? request.method.name : "_OTHER"
        var attributes: TraceSpan.Attributes = [
            ("http.request.method", .text(method)), ("http.response.status_code", .number(status)),
            ("url.scheme", .text(request.isTLS ? "https" : "http")),
            ("network.protocol.version", .text(request.parser.isVersion10 ? "1.0" : "1.1")),
            ("vestibule.request_id", .text(request.id)),
        ]
        var name = request.method.isKnown ? method : "HTTP"
        if request.route != RequestNotes.unmatched {
            attributes.append(("http.route", .text(request.route)))
            name += " \(request.route)"
        }
        let isError = status >= 500
        if isError { attributes.append(("error.type", .text("\(status)"))) }
        span.end(name, attributes, isError: isError)
    }
}

extension RequestTracing? {
    /// Has the handler answer, with the request's span as the present one. Where nothing is traced this is the call
    /// alone; where something is, a task begun by another request's must not keep that one's span.
    func answer(_ request: Request, by handler: any Handler) async -> Response {
        guard self != nil else { return await handler.answer(request) }
        return await OpenSpan.$current.withValue(request.notes.span) { await handler.answer(request) }
    }
}

extension Request {
    /// The caller's place in its trace; nil where it names none, or none that is sound.
    var caller: TraceContext? {
        guard count(.traceparent) == 1, let found = withField(.traceparent, { TraceContext(traceparent: $0) }),
            var context = found
        else { return nil }
        context.state = TraceContext.state(fields(.tracestate))
        return context
    }
}

extension Method {
    /// Whether it is one of the methods of RFC 9110 and RFC 5789 that the service has routes for.
    var isKnown: Bool {
        if case .other = self { return false }
        return true
    }
}

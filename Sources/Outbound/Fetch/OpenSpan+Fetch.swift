internal import Base

extension FetchRequest {
    /// Tells the other side of the trace (W3C Trace Context).
    mutating func trace(_ context: TraceContext) {
        fields.append(("traceparent", context.traceparent))
        if let state = context.state { fields.append(("tracestate", state)) }
    }
}

extension OpenSpan {
    /// Ends the span of a request to another service. The path is left out: it may name a person.
    func end(_ request: FetchRequest, status: Int? = nil, failure: String? = nil) {
        guard isRecorded else { return }
        let method = request.method.rawValue
        var attributes: TraceSpan.Attributes = [
            ("http.request.method", .text(method)), ("server.address", .text(request.url.host)),
            ("server.port", .number(Int(request.url.port))),
        ]
        if let status { attributes.append(("http.response.status_code", .number(status))) }
        let error = failure ?? status.flatMap { $0 >= 400 ? "\($0)" : nil }
        if let error { attributes.append(("error.type", .text(error))) }
        end(method, attributes, isError: error != nil)
    }
}

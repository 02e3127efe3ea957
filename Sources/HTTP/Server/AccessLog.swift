internal import Base

/// The line of one request (CONTRACT section 11). Never holds a field's value besides the ids.
enum AccessLog {
    static func write(_ log: Logger, _ request: Request, status: Int, isLater: Bool, isSent: Bool) {
        if let failure = request.notes.failure {
            log.error("request_failed", fields(request, status) + [.text("cause", failure)])
        }
        let level: LogLevel = isLater ? .info : .debug
        guard log.writes(level) else { return }
        let begun = isLater ? request.notes.begun : request.loop.now
        let microseconds = (request.loop.clock.monotonic() - begun).nanoseconds / 1000
        var line = fields(request, status)
        line.append(.number("duration_us", microseconds))
        if !isSent { line.append(.flag("disconnected", true)) }
        log.log(level, "request", line)
    }

    private static func fields(_ request: Request, _ status: Int) -> [LogField] {
        var fields: [LogField] = [.text("request_id", request.id)]
        if let trace = request.notes.span?.context ?? request.caller {
            fields.append(.text("trace_id", trace.traceID.description))
        }
        if let tenant = request.notes.tenantID { fields.append(.id("tenant_id", tenant)) }
        if let user = request.notes.userID { fields.append(.id("user_id", user)) }
        fields.append(.text("method", method(request.method)))
        fields.append(.text("route", request.route))
        fields.append(.number("status", status))
        return fields
    }

    /// A method of the client's own making says no more than that.
    private static func method(_ method: Method) -> String {
        if case .other = method { return "other" }
        return method.name
    }
}

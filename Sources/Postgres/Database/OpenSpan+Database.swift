internal import Base

extension OpenSpan {
    /// Ends the span of one turn to the database, named by its first statement. Parameters are never told.
    func end(_ commands: [Command], _ failure: DatabaseError?) {
        guard isRecorded else { return }
        let names = commands.map(\.name).joined(separator: " ")
        var attributes: TraceSpan.Attributes = [
            ("db.system.name", .text("postgresql")), ("db.query.summary", .text(String(names.prefix(255)))),
        ]
        if commands.count > 1 { attributes.append(("db.operation.batch.size", .number(commands.count))) }
        if let failure {
            if let state = failure.sqlState { attributes.append(("db.response.status_code", .text(state))) }
            attributes.append(("error.type", .text(failure.sqlState ?? failure.kind.word)))
        }
        end(commands.first?.name ?? "postgresql", attributes, isError: failure != nil)
    }
}

extension DatabaseError.Kind {
    /// A word for metrics and traces.
    fileprivate var word: String {
        switch self {
        case .unavailable: "unavailable"
        case .timeout: "timeout"
        case .busy: "busy"
        case .server: "server"
        case .protocol: "protocol"
        }
    }
}

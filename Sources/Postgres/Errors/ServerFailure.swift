internal import CPostgres

/// What the server said about a failed statement, as far as it may be kept.
struct ServerFailure {
    let state: SQLState
    let constraint: String?
    /// The message, where its class never quotes a value.
    let message: String?
    /// The server's function that raised it; unlike the message it is not translated.
    let source: String?

    init(_ result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            guard let code = code.asciiValue, let text = unsafe PQresultErrorField(result, Int32(code)) else {
                return nil
            }
            return unsafe String(cString: text)
        }
        let state = SQLState(rawValue: field("C") ?? "")
        self.state = state
        constraint = field("n")
        source = field("R")
        message = Self.quietCategories.contains(state.category) ? field("M") : nil
    }

    /// Classes whose messages name objects of the database but no data: connection, authorization, transaction
    /// state, names and privileges, resources, operator intervention, system.
    private static let quietCategories: Set<Substring> = [
        "08", "0A", "25", "26", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58",
    ]

    var isPlanInvalid: Bool {
        state == .invalidStatementName || state == .duplicateStatement
            || (state == .featureNotSupported && source == "RevalidateCachedQuery")
    }

    /// Whether it was not the server that said this: libpq makes such a result where the connection has broken.
    var isConnectionLost: Bool { state.rawValue.isEmpty }

    /// Whether the connection is of no more use: the server is going, is not ready, or is a standby by now.
    var endsConnection: Bool {
        switch state {
        case .readOnlyTransaction, .idleInTransactionTimeout, .tooManyConnections, "57P01", "57P02", "57P03", "57P04",
            "57P05":
            true
        // From a server 08P01 is a statement's mistake, such as a missing parameter, not the connection's.
        default: state.category == "08" && (state != "08P01" || isPoolers)
        }
    }

    /// Whether a pooler said this, which then hangs up: a server always names the function. PgBouncer says all its own
    /// troubles with 08P01: that its server is away, or that it has none for us in time.
    private var isPoolers: Bool { source == nil && !isConnectionLost }

    /// Whether the server can't do its work at present, whatever is asked of it: no memory, no room on its disks, a disk
    /// that fails.
    private var isOutage: Bool { state.category == "53" || state.category == "58" }

    func error(in phase: DatabaseError.Phase, statement: String?) -> DatabaseError {
        let kind: DatabaseError.Kind
        switch state {
        case .queryCanceled, .lockNotAvailable, .idleInTransactionTimeout: kind = .timeout
        default: kind = endsConnection || isOutage ? .unavailable : .server(state)
        }
        return DatabaseError(
            kind, phase: phase, sqlState: state.rawValue, constraint: constraint, statement: statement, cause: message,
            isPlanInvalid: isPlanInvalid)
    }
}

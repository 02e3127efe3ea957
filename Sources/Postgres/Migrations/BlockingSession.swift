internal import Base
internal import CPostgres

/// A session for commands: each call waits for its answer.
@safe final class BlockingSession {
    private let handle: OpaquePointer

    init(url: Secret) throws(DatabaseError) {
        let settings = ConnectionSettings(url: url, role: nil)
        unsafe handle = try Session.open(settings).handle
        // What "already exists" has to say is no news to anybody.
        _ = unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// Runs SQL that may hold several statements; they are one transaction unless it says otherwise.
    func execute(_ sql: String) throws(DatabaseError) {
        let result = unsafe PQexec(handle, sql)
        defer { unsafe PQclear(result) }
        let status = unsafe PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw unsafe failure(result, sql) }
    }

    /// Runs one statement with parameters, and gives its rows as texts.
    func rows(_ sql: String, _ parameters: [Parameter] = []) throws(DatabaseError) -> [[String?]] {
        let buffer = ParameterBuffer(parameters)
        let result = unsafe buffer.withPointers { count, values in
            unsafe PQexecParams(handle, sql, count, nil, values, nil, nil, 0)
        }
        defer { unsafe PQclear(result) }
        let status = unsafe PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else { throw unsafe failure(result, sql) }
        return unsafe (0..<PQntuples(result)).map { row in
            unsafe (0..<PQnfields(result)).map { column in
                if unsafe PQgetisnull(result, row, column) != 0 { return nil }
                return unsafe String(cString: PQgetvalue(result, row, column))
            }
        }
    }

    private func failure(_ result: OpaquePointer?, _ sql: String) -> DatabaseError {
        func field(_ code: Character) -> String? {
            unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { unsafe String(cString: $0) }
        }
        var words = field("M") ?? Session.firstLine(unsafe String(cString: PQerrorMessage(handle)))
        if let position = field("P").flatMap({ Int($0) }) {
            words = "line \(sql.prefix(position).count(where: \.isNewline) + 1): \(words)"
        }
        if let hint = field("H") { words += " (\(hint))" }
        let kind: DatabaseError.Kind = unsafe PQstatus(handle) == CONNECTION_BAD ? .unavailable : .server
        return DatabaseError(kind, .body, sqlState: field("C"), cause: words)
    }
}

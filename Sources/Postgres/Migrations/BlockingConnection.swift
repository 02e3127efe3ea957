internal import Base
internal import CPostgres

/// A connection that waits for its answers, for the migrations: they have the process for themselves.
@safe final class BlockingConnection {
    private let handle: Handle

    /// - Throws: ``MigrationError`` of kind `.unreachable`.
    init(_ uri: ConnectionURI, applicationName: String, connectTimeout: Int) throws(MigrationError) {
        var settings = uri.settings
        func listed(_ keyword: String, _ values: [String]) {
            if values.contains(where: { !$0.isEmpty }) { settings.append((keyword, values.joined(separator: ","))) }
        }
        listed("host", uri.targets.map { $0.host })
        listed("hostaddr", uri.targets.map { $0.address })
        listed("port", uri.targets.map { $0.port })
        if let attributes = uri.sessionAttributes { settings.append(("target_session_attrs", attributes)) }
        for (keyword, value) in [
            ("connect_timeout", String(connectTimeout)), ("application_name", applicationName),
            ("client_encoding", "UTF8"),
        ] where uri[keyword] == nil {
            settings.append((keyword, value))
        }
        guard let handle = Handle(waiting: settings) else { throw MigrationError(.unreachable, "out of memory") }
        if handle.isBad { throw MigrationError(.unreachable, handle.message) }
        self.handle = handle
    }

    var isInTransaction: Bool { handle.transactionStatus == PQTRANS_INTRANS }
    var isIdle: Bool { handle.transactionStatus == PQTRANS_IDLE }

    /// Runs a text of any number of statements.
    func run(_ text: String, file: String? = nil) throws(MigrationError) {
        let result = unsafe PQexec(handle.pointer, text)
        defer { unsafe PQclear(result) }
        try unsafe check(result, text: text, file: file)
    }

    /// Runs one statement with parameters and returns its rows as text, nil for `NULL`.
    @discardableResult
    func query(_ text: String, _ parameters: [Parameter] = []) throws(MigrationError) -> [[String?]] {
        var buffer = ParameterBuffer()
        do throws(ParameterBuffer.Refusal) { try buffer.fill(parameters) } catch {
            throw MigrationError(.source, "a text holds a NUL character")
        }
        let result = unsafe buffer.bytes.withUnsafeBufferPointer { bytes in
            let values = unsafe buffer.offsets.map { offset -> UnsafePointer<CChar>? in
                guard offset >= 0, let base = bytes.baseAddress else { return nil }
                return unsafe UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
            }
            return unsafe PQexecParams(handle.pointer, text, Int32(values.count), nil, values, nil, nil, 0)
        }
        defer { unsafe PQclear(result) }
        try unsafe check(result, text: text, file: nil)
        return (0..<(unsafe PQntuples(result))).map { row in
            (0..<(unsafe PQnfields(result))).map { column in
                if unsafe PQgetisnull(result, row, column) != 0 { return nil }
                return unsafe PQgetvalue(result, row, column).map { unsafe String(cString: $0) }
            }
        }
    }

    private func check(_ result: OpaquePointer?, text: String, file: String?) throws(MigrationError) {
        guard let result = unsafe result else { throw MigrationError(.unreachable, file: file, handle.message) }
        switch unsafe PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        case PGRES_FATAL_ERROR: throw unsafe failure(result, text: text, file: file)
        default: throw MigrationError(.failed, file: file, "COPY is not supported here")
        }
    }

    private func failure(_ result: OpaquePointer, text: String, file: String?) -> MigrationError {
        func field(_ code: Character) -> String? {
            guard let code = code.asciiValue, let text = unsafe PQresultErrorField(result, Int32(code)) else {
                return nil
            }
            return unsafe String(cString: text)
        }
        guard let state = field("C") else { return MigrationError(.unreachable, file: file, handle.message) }
        var message = field("M") ?? handle.message
        for (label, code) in [("detail", "D"), ("hint", "H"), ("where", "W")] as [(String, Character)] {
            if let words = field(code) {
                message += "; \(label): \(words.split(separator: "\n").joined(separator: " "))"
            }
        }
        let position = field("P").flatMap { Int($0) }.flatMap { Self.position($0, in: text) }
        return MigrationError(
            handle.isBad ? .unreachable : .failed, file: file, position: file == nil ? nil : position, sqlState: state,
            message)
    }

    /// Line and column of the server's character number, which counts code points from 1.
    static func position(_ number: Int, in text: String) -> MigrationError.Position? {
        guard number >= 1 else { return nil }
        var line = 1
        var column = 1
        for scalar in text.unicodeScalars.prefix(number - 1) {
            if scalar == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return MigrationError.Position(line: line, column: column)
    }
}

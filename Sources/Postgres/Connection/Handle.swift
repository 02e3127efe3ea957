internal import CPostgres

/// Sole owner of a libpq connection. One thread at a time.
@safe final class Handle {
    let pointer: OpaquePointer

    enum Progress { case reading, writing, connected, failed }

    /// Begins to connect, without blocking as long as the host is an address or a socket.
    ///
    /// Nil when there is no memory.
    init?(_ settings: [(keyword: String, value: String)]) {
        let started = unsafe Self.withPointers(settings) { keywords, values in
            unsafe PQconnectStartParams(keywords, values, 0)
        }
        guard let started = unsafe started else { return nil }
        unsafe pointer = unsafe started
        silence()
    }

    /// Connects and waits for it.
    init?(waiting settings: [(keyword: String, value: String)]) {
        let made = unsafe Self.withPointers(settings) { keywords, values in
            unsafe PQconnectdbParams(keywords, values, 0)
        }
        guard let made = unsafe made else { return nil }
        unsafe pointer = unsafe made
        silence()
    }

    deinit {
        unsafe PQfinish(pointer)
    }

    var isBad: Bool { unsafe PQstatus(pointer) == CONNECTION_BAD }

    /// The socket; changes while connecting. -1 when there is none.
    var socket: Int32 { unsafe PQsocket(pointer) }

    var transactionStatus: PGTransactionStatusType { unsafe PQtransactionStatus(pointer) }

    /// libpq's last words. They can quote values: for failures of the connection itself only.
    var message: String {
        unsafe String(cString: PQerrorMessage(pointer)).trimmed.split(separator: "\n").joined(separator: " ")
    }

    func poll() -> Progress {
        switch unsafe PQconnectPoll(pointer) {
        case PGRES_POLLING_OK: .connected
        case PGRES_POLLING_READING: .reading
        case PGRES_POLLING_WRITING: .writing
        default: .failed
        }
    }

    /// Reads what has come. False when the connection is gone.
    func consume() -> Bool { unsafe PQconsumeInput(pointer) == 1 }

    enum Flush { case done, blocked, failed }

    func flush() -> Flush {
        switch unsafe PQflush(pointer) {
        case 0: .done
        case 1: .blocked
        default: .failed
        }
    }

    /// What cancels the running statement; to be used on any thread, once.
    func makeCancel() -> CancelRequest? { unsafe CancelRequest(pointer) }

    private func silence() {
        // Notices would go to the process's stderr otherwise.
        _ = unsafe PQsetNoticeReceiver(pointer, { _, _ in }, nil)
    }

    private static func withPointers<Result>(
        _ settings: [(keyword: String, value: String)],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for (keyword, value) in settings {
            for text in [keyword, value] {
                offsets.append(bytes.count)
                bytes.append(contentsOf: text.utf8CString)
            }
        }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            let texts = unsafe offsets.map { offset -> UnsafePointer<CChar>? in
                unsafe buffer.baseAddress.map { unsafe $0 + offset }
            }
            let count = settings.count
            let keywords = unsafe (0..<count).map { unsafe texts[2 * $0] } + [nil]
            let values = unsafe (0..<count).map { unsafe texts[2 * $0 + 1] } + [nil]
            return unsafe keywords.withUnsafeBufferPointer { keywords in
                unsafe values.withUnsafeBufferPointer { values in
                    guard let first = keywords.baseAddress, let second = values.baseAddress else {
                        preconditionFailure("both hold the final nil")
                    }
                    return unsafe body(first, second)
                }
            }
        }
    }
}

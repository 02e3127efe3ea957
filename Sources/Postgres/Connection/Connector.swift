public import Base
internal import CPostgres

/// How connections are made.
public struct ConnectionSettings: Sendable {
    /// The libpq URI or keyword string.
    public var url: Secret
    /// The role taken on every connection; nil to stay who logged in.
    public var role: String?
    /// Whether a pooler in transaction mode stands between: nothing may outlive a transaction then.
    public var isPooled: Bool
    /// Seconds until a connection attempt is given up.
    public var connectTimeout: Int
    /// After which time without an answer a connection is given up.
    public var answerTimeout: Duration

    /// The service's settings, unless said otherwise.
    public init(
        url: Secret, role: String? = "service_role", isPooled: Bool = false, connectTimeout: Int = 5,
        answerTimeout: Duration = .seconds(10)
    ) {
        self.url = url
        self.role = role
        self.isPooled = isPooled
        self.connectTimeout = connectTimeout
        self.answerTimeout = answerTimeout
    }
}

/// A session of the library, handed from the thread that made it to the one that uses it.
@safe struct Session: @unchecked Sendable {
    let handle: OpaquePointer

    /// Connects, and waits for it. Looking a host up and trying several hosts block, so this is for a thread that
    /// may wait; sessions are made rarely.
    static func open(_ settings: ConnectionSettings) throws(DatabaseError) -> Session {
        let keywords = ["dbname", "connect_timeout", "application_name", "options", "client_encoding"]
        // A timezone and date style fixed here make every answer's text the same.
        let options = "-c datestyle=ISO -c timezone=UTC -c standard_conforming_strings=on"
        let values = [
            settings.url.text, "\(settings.connectTimeout)", "vestibule", settings.isPooled ? "" : options, "UTF8",
        ]
        let handle = unsafe CStrings.with(keywords) { keywords in
            unsafe CStrings.with(values) { values in unsafe PQconnectdbParams(keywords, values, 1) }
        }
        guard let handle = unsafe handle else {
            throw DatabaseError(.unavailable, .connect, cause: "out of memory")
        }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let words = unsafe String(cString: PQerrorMessage(handle))
            unsafe PQfinish(handle)
            throw DatabaseError(.unavailable, .connect, cause: Session.firstLine(words))
        }
        return unsafe Session(handle: handle)
    }

    static func firstLine(_ words: String) -> String {
        words.split(whereSeparator: \.isNewline).first.map(String.init) ?? words
    }
}

/// Lends arrays of zero-ended texts, ended by nil, to the library.
enum CStrings {
    static func with<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let buffer = ParameterBuffer(texts.map { .text($0) } + [.null])
        return unsafe buffer.withPointers { _, pointers in unsafe body(pointers) }
    }
}

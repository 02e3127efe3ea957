/// What a request ends with when it can't be done: a code, a sentence for the caller, and a cause for the log.
public struct Problem: Error, Sendable {
    /// One field of a request that is wrong.
    public struct Field: Sendable, Equatable {
        /// The field's name, dotted where nested.
        public let field: String
        /// What is wrong with it and how to mend it.
        public let problem: String

        /// Names a field and its problem.
        public init(_ field: String, _ problem: String) {
            self.field = field
            self.problem = problem
        }
    }

    /// The machine code; it fixes the status, but where ``status`` says otherwise.
    public let code: ErrorCode
    /// The HTTP status: the code's own, or a narrower one of the same meaning.
    public let status: Int
    /// A sentence that the caller can act on. Never holds a token, a secret or an internal name.
    public let message: String
    /// What the log says besides; never shown to the caller.
    public let cause: String?
    /// The fields that are wrong, where the request had fields.
    public let details: [Field]
    /// Seconds after which a retry may help; sent as `Retry-After`.
    public let retryAfter: Int?

    /// Describes the problem.
    public init(
        _ code: ErrorCode, _ message: String, cause: String? = nil, details: [Field] = [], retryAfter: Int? = nil,
        status: Int? = nil
    ) {
        self.code = code
        self.status = status ?? code.status
        self.message = message
        self.cause = cause
        self.details = details
        self.retryAfter = retryAfter ?? (code.status == 503 ? 1 : nil)
    }
}

public import Base

extension Response {
    /// The error body (CONTRACT section 10) with the problem's status, `Retry-After` where a retry may help, and
    /// `WWW-Authenticate` where a credential is missing or bad (RFC 9110 section 11.6.1, RFC 6750 section 3).
    public init(problem: Problem, requestID: String) {
        self.init(status: problem.status, problem: problem, requestID: requestID)
    }

    /// The same under another status, for the refusals of HTTP itself that have no code of their own.
    init(status: Int, problem: Problem, requestID: String) {
        self.init(status: status, json: Self.body(of: problem, requestID: requestID))
        if let seconds = problem.retryAfter { fields.append((.retryAfter, String(seconds))) }
        if let challenge = Self.challenge(problem) { fields.append((.wwwAuthenticate, challenge)) }
    }

    /// RFC 6750 section 3.1: a request without a credential gets no error attribute; a bad one gets `invalid_token`.
    private static func challenge(_ problem: Problem) -> String? {
        guard problem.code.status == 401 else { return nil }
        let isToken = problem.code.rawValue.hasPrefix("token_") && problem.code != .tokenMissing
        guard isToken else { return "Bearer realm=\"vestibule\"" }
        let words = quotable(problem.message)
        return "Bearer error=\"invalid_token\", error_description=\"\(words)\", realm=\"vestibule\""
    }

    /// What a quoted attribute may hold: visible ASCII and spaces without quote and backslash.
    private static func quotable(_ text: String) -> String {
        func fits(_ byte: UInt8) -> Bool { byte >= 32 && byte < 127 && byte != 0x22 && byte != 0x5C }
        if text.utf8.allSatisfy(fits) { return text }
        // Of a character of several bytes one is left.
        let bytes = text.utf8.filter { $0 & 0xC0 != 0x80 }.map { fits($0) ? $0 : 0x27 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func body(of problem: Problem, requestID: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("success", false)
            writer.member("error", problem.message)
            writer.member("code", problem.code.rawValue)
            writer.member("request_id", requestID)
            guard !problem.details.isEmpty else { return }
            writer.array("details", of: problem.details) { writer, detail in
                writer.member("field", detail.field)
                writer.member("problem", detail.problem)
            }
        }
    }
}

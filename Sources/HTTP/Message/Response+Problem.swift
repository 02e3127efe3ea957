public import Base

extension Response {
    /// The error body (CONTRACT section 10) with the problem's status, `Retry-After` where a retry may help, and
    /// `WWW-Authenticate` where a credential is missing or bad (RFC 9110 section 11.6.1, RFC 6750 section 3).
    public init(problem: Problem, requestID: String) {
        self.init(status: problem.code.status, problem: problem, requestID: requestID)
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
        let words = problem.message.unicodeScalars.map { scalar in
            // What a quoted attribute may hold: visible ASCII and spaces without quote and backslash.
            (scalar.value >= 32 && scalar.value < 127 && scalar != "\"" && scalar != "\\") ? String(scalar) : "'"
        }
        return "Bearer realm=\"vestibule\", error=\"invalid_token\", error_description=\"\(words.joined())\""
    }

    private static func body(of problem: Problem, requestID: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(160 + problem.message.utf8.count)
        out += "{\"success\":false,\"error\":".utf8
        quote(problem.message, into: &out)
        out += ",\"code\":".utf8
        quote(problem.code.rawValue, into: &out)
        out += ",\"request_id\":".utf8
        quote(requestID, into: &out)
        for (index, detail) in problem.details.enumerated() {
            out += (index == 0 ? ",\"details\":[{\"field\":" : ",{\"field\":").utf8
            quote(detail.field, into: &out)
            out += ",\"problem\":".utf8
            quote(detail.problem, into: &out)
            out += "}".utf8
        }
        if !problem.details.isEmpty { out += "]".utf8 }
        out += "}".utf8
        return out
    }

    private static func quote(_ text: String, into out: inout [UInt8]) {
        out.append(34)
        for byte in text.utf8 {
            switch byte {
            case 34, 92: out += [92, byte]
            case 0..<32: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: out.append(byte)
            }
        }
        out.append(34)
    }
}

internal import Base
internal import HTTP

extension TokenFinder {
    /// The one token among header values that an event carries; the rules are those of ``withToken(of:_:)``.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `bad_request` when there is more than one Authorization or Cookie value, or a comma-joined one.
    func token(authorization: [String], cookies: [String]) throws(Problem) -> Secret? {
        if !authorization.isEmpty {
            guard authorization.count == 1 else {
                throw Problem(.badRequest, "More than one Authorization header was sent; send exactly one.")
            }
            let value = Array(authorization[0].utf8)
            guard !value.contains(0x2C) else {
                throw Problem(.badRequest, "The Authorization header holds a comma; send exactly one token.")
            }
            if let start = Self.startOfToken(value.span) { return Secret(value[start...]) }
        }
        guard let first = cookies.first else { return nil }
        guard cookies.count == 1 else {
            throw Problem(.badRequest, "More than one Cookie header was sent; send exactly one.")
        }
        let value = Array(first.utf8)
        for name in self.cookies {
            if let range = try CookieText.value(of: name, in: value.span) { return Secret(value[range]) }
        }
        return nil
    }
}

public import Base

/// Reads a Cookie header (RFC 6265 §4.2.1).
public enum CookieText {
    /// Where the value of the cookie of this name stands; nil where there is none, or an empty one.
    ///
    /// - Throws: 400 `bad_request` for two cookies of one name: which of them counts, two readers could see differently.
    public static func value(of name: [UInt8], in cookies: Span<UInt8>) throws(Problem) -> Range<Int>? {
        var found: Range<Int>?
        var isThere = false
        var start = 0
        while start < cookies.count {
            var end = start
            while end < cookies.count, cookies[end] != 0x3B { end += 1 }
            var first = start
            while first < end, cookies[first] == 0x20 { first += 1 }
            if matches(name, cookies, first, end) {
                if isThere {
                    throw Problem(.badRequest, "The session cookie was sent more than once; send it once.")
                }
                isThere = true
                var last = end
                while last > first, cookies[last - 1] == 0x20 { last -= 1 }
                let value = (first + name.count + 1)..<max(last, first + name.count + 1)
                if !value.isEmpty { found = value }
            }
            start = end + 1
        }
        return found
    }

    private static func matches(_ name: [UInt8], _ cookies: Span<UInt8>, _ first: Int, _ end: Int) -> Bool {
        guard first + name.count < end, cookies[first + name.count] == 0x3D else { return false }
        for index in 0..<name.count where cookies[first + index] != name[index] { return false }
        return true
    }
}

extension Request {
    /// The value of the cookie of this name; nil where there is none, or an empty one.
    ///
    /// - Throws: 400 `bad_request` for two cookies of one name or two Cookie headers.
    public func cookie(_ name: String) throws(Problem) -> String? {
        guard count(.cookie) <= 1 else {
            throw Problem(.badRequest, "More than one Cookie header was sent; send exactly one.")
        }
        let found: Result<String?, Problem>? = withField(.cookie) { value in
            do throws(Problem) {
                return .success(try CookieText.value(of: Array(name.utf8), in: value).map { value.extracting($0).text })
            } catch {
                return .failure(error)
            }
        }
        return try found?.get() ?? nil
    }
}

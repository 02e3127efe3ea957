internal import Glibc

public import Base
public import HTTP

/// Finds the one token of a request: RFC 6750 §2.1, else Clerk's cookie, else cookies named by the configuration. An
/// Authorization header of another scheme is nobody's token, and the cookies are looked at.
public struct TokenFinder: Sendable {
    let cookies: [[UInt8]]

    /// - Parameters:
    ///   - first: the name of a cookie that goes before all others.
    ///   - cookies: names of cookies looked at after `__session`, in this order.
    public init(first: String? = nil, cookies: [String] = []) {
        self.cookies = ([first, "__session"].compactMap(\.self) + cookies).map { Array($0.utf8) }
    }

    /// Calls the closure with the token's bytes.
    ///
    /// - Returns: nil when the request has none.
    /// - Throws: ``Problem`` `bad_request` when there is more than one Authorization header, or a comma-joined one.
    public func withToken<Result>(
        of request: Request, _ body: (Span<UInt8>) throws(Problem) -> Result
    ) throws(Problem) -> Result? {
        if request.count(.authorization) > 0, let found = try fromAuthorization(request, body) { return found }
        if request.count(.cookie) > 0 { return try fromCookies(request, body) }
        return nil
    }

    private func fromAuthorization<Result>(
        _ request: Request, _ body: (Span<UInt8>) throws(Problem) -> Result
    ) throws(Problem) -> Result? {
        guard request.count(.authorization) == 1 else {
            throw Problem(.badRequest, "More than one Authorization header was sent; send exactly one.")
        }
        let found: Swift.Result<Result?, Problem>? = request.withField(.authorization) { value in
            do throws(Problem) {
                // A second header may have been joined to one of any scheme (RFC 9110 §5.3).
                if Self.holdsComma(value) {
                    throw Problem(.badRequest, "The Authorization header holds a comma; send exactly one token.")
                }
                guard let start = Self.startOfToken(value) else { return .success(nil) }
                return .success(try body(value.extracting(start..<value.count)))
            } catch {
                return .failure(error)
            }
        }
        return try found?.get() ?? nil
    }

    private static func holdsComma(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, 0x2C, bytes.count) != nil
        }
    }

    /// The scheme compares without case (RFC 9110 §11.1); a header of another scheme holds no token of ours.
    static func startOfToken(_ value: Span<UInt8>) -> Int? {
        let scheme: StaticString = "bearer"
        guard value.count > scheme.utf8CodeUnitCount, value[6] == 0x20 else { return nil }
        for index in 0..<6 {
            guard unsafe value[index] | 0x20 == scheme.utf8Start[index] else { return nil }
        }
        var start = 7
        while start < value.count, value[start] == 0x20 { start += 1 }
        return start < value.count ? start : nil
    }

    private func fromCookies<Result>(
        _ request: Request, _ body: (Span<UInt8>) throws(Problem) -> Result
    ) throws(Problem) -> Result? {
        guard request.count(.cookie) == 1 else {
            throw Problem(.badRequest, "More than one Cookie header was sent; send exactly one.")
        }
        let found: Swift.Result<Result?, Problem>? = request.withField(.cookie) { value in
            do throws(Problem) {
                for name in cookies {
                    if let range = try CookieText.value(of: name, in: value) {
                        return .success(try body(value.extracting(range)))
                    }
                }
                return .success(nil)
            } catch {
                return .failure(error)
            }
        }
        return try found?.get() ?? nil
    }
}

internal import Glibc

/// A system call that failed.
public struct SystemError: Error, Sendable, CustomStringConvertible {
    /// The name of the call.
    public let call: String
    /// `errno` after it.
    public let code: Int32

    /// The failure of the named call with the given `errno`.
    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call's name and the system's own words.
    public var description: String {
        let words = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "\(call): \(words)"
    }

    /// Gives the result back, or throws what `errno` says when it is negative.
    @discardableResult
    public static func check(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
        if result < 0 { throw SystemError(call: call, code: errno) }
        return result
    }
}

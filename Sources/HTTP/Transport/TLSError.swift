internal import COpenSSL

/// Why a certificate or key can't be used.
public struct TLSError: Error, Sendable, CustomStringConvertible {
    /// A sentence that names the file and what is wrong; never holds a part of the key.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Takes everything from this thread's OpenSSL error queue and keeps the words of the first.
    static func drain(_ what: String) -> TLSError {
        let first = ERR_get_error()
        while ERR_get_error() != 0 {}
        guard first != 0 else { return TLSError(what) }
        guard let words = unsafe ERR_reason_error_string(first) else { return TLSError("\(what): error \(first)") }
        return unsafe TLSError("\(what): \(String(cString: words))")
    }
}

public import Base

/// Where it is written down that people have signed in and out. Every call is one transaction as the caller.
public protocol SessionStore: AnyObject {
    /// Writes down that a session has begun; one that is known stays as it is.
    ///
    /// - Parameter userAgent: at most 512 characters.
    func beginSession(_ caller: Caller, _ key: SessionKey, userAgent: String?) async throws(Problem) -> UserSession
    /// Writes down that a session has ended; one that has ended before stays as it is, one that nobody told of has
    /// begun and ended now.
    func endSession(_ caller: Caller, _ key: SessionKey, userAgent: String?) async throws(Problem) -> UserSession
}

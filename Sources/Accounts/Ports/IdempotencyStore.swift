public import Base

/// Where it is remembered what was answered to requests that may be sent again.
public protocol IdempotencyStore: AnyObject {
    /// Does the work once for a caller and key; what it changes and what it answers is kept in one transaction, for a day.
    ///
    /// The work gets the caller with the open transaction, and may be done anew when that met another one. What it throws
    /// undoes everything and frees the key.
    ///
    /// - Parameters:
    ///   - key: what the caller sent, 1 to 255 characters.
    ///   - request: what tells this request from others with the same key.
    /// - Returns: the answer, and whether it is the one of an earlier request.
    /// - Throws: `conflict` when the key was used for another request.
    func once(
        _ caller: Caller, key: String, request: [UInt8], _ work: (Caller) async throws(Problem) -> KeptAnswer
    ) async throws(Problem) -> (answer: KeptAnswer, isRepeated: Bool)
}

/// An answer as it is kept.
public struct KeptAnswer: Sendable {
    /// The HTTP status.
    public let status: Int
    /// The body.
    public let body: [UInt8]

    /// An answer from its parts.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

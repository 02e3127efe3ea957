public import Base

/// One event that the Lambda service wants answered.
public struct LambdaInvocation: Sendable {
    /// The id under which it is answered.
    public let id: String
    /// Until when an answer counts; nil where the service does not say.
    public let deadline: Timestamp?
    /// The function that was invoked.
    public let functionARN: String?
    /// The trace, to be passed on.
    public let traceID: String?
    /// The event as it came.
    public let event: [UInt8]
}

public import Base

/// What becomes of an authorizer event; how it is said differs between HTTP and Lambda.
public enum AWSAnswer: Sendable {
    /// The document for the gateway: allow or deny.
    case decided([UInt8])
    /// The request has no good token, or is a bad request. For Lambda the document that says so; nil: the error
    /// `Unauthorized`.
    case unauthorized(Problem, document: [UInt8]?)
    /// The event is none, or something of ours is away. Never to be read as a denial.
    case failed(Problem)
}

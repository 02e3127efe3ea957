public import Accounts
public import Base

/// What is asked of the authorizer once the gateway's dialect has been read.
public struct AccessQuestion: Sendable {
    /// What the rules say about the request; nil where there are none, and a known person is enough.
    public var rule: RouteMatch?
    /// The value of `X-Org-Id`.
    public var orgHeader: String?
    /// The request's id, for logs and the auth event.
    public var requestID: String
    /// Where the client is, as far as it is known.
    public var clientAddress: IPAddress?

    /// A question from its parts.
    public init(rule: RouteMatch?, orgHeader: String?, requestID: String, clientAddress: IPAddress?) {
        self.rule = rule
        self.orgHeader = orgHeader
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}

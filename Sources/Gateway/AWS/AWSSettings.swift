/// What the operator decided about answers to API Gateway.
public struct AWSSettings: Sendable {
    /// Which of a caller's values goes out as `usageIdentifierKey`, for usage plans by API key.
    public enum UsageKey: String, Sendable, CaseIterable {
        /// The user's id.
        case userID = "user_id"
        /// The org's id.
        case orgID = "org_id"
        /// The subject.
        case subject = "sub"
    }

    /// Whether HTTP API 2.0 events get `isAuthorized`; else a policy. Must be as `enableSimpleResponses` of the API's.
    public var hasSimpleResponses: Bool
    /// The source of `usageIdentifierKey`; nil: none.
    public var usageKey: UsageKey?
    /// The name of the environment, for the context.
    public var environment: String

    /// Settings from their parts.
    public init(hasSimpleResponses: Bool = true, usageKey: UsageKey? = nil, environment: String = "") {
        self.hasSimpleResponses = hasSimpleResponses
        self.usageKey = usageKey
        self.environment = environment
    }
}

public import Base

/// How Clerk's Backend API is asked.
public struct ClerkAccess: Sendable {
    /// Where it is, `https://api.clerk.com` by default.
    public let apiURL: WebURL
    /// The instance's secret key.
    public let secretKey: Secret

    /// Access with the key.
    public init(apiURL: WebURL, secretKey: Secret) {
        self.apiURL = apiURL
        self.secretKey = secretKey
    }
}

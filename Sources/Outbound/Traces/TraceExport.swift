public import Base

/// Where spans go and what is said of their sender.
public struct TraceExport: Sendable {
    /// The whole URL, with its path (`…/v1/traces`).
    public var url: WebURL
    /// Fields of each request, such as the key of a hosted collector.
    public var fields: [(name: String, value: Secret)]
    /// A PEM file of trusted authorities in place of the system's.
    public var caFile: String?
    /// How long one request may take.
    public var timeout: Duration
    /// How long spans wait for others at most.
    public var delay: Duration
    /// What is said of the sender (`service.name` and the like).
    public var resource: [(name: String, value: String)]

    /// The settings.
    public init(
        url: WebURL, fields: [(name: String, value: Secret)] = [], caFile: String? = nil,
        timeout: Duration = .seconds(10), delay: Duration = .seconds(5), resource: [(name: String, value: String)]
    ) {
        self.url = url
        self.fields = fields
        self.caFile = caFile
        self.timeout = timeout
        self.delay = delay
        self.resource = resource
    }
}

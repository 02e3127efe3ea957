#if DEBUG || FUZZING

    /// Further parsers of what comes from outside, by name. A trap is a finding.
    public enum ParserTarget: String, CaseIterable, Sendable {
        /// HTTP/1.1 requests, however their bytes are cut.
        case http
        /// Paths in their one form, and route rules against a plain list of them.
        case paths
        /// SCIM filters, and the SQL/JSON paths made of them.
        case filter
        /// SCIM PATCH requests.
        case patch
        /// The headers and bodies of webhooks.
        case webhooks
        /// API Gateway's events and the policies made of them.
        case aws
        /// IP addresses and networks, against the C library.
        case network
        /// E-mail addresses, domains and URLs.
        case names
        /// `Cookie` and `Authorization`.
        case cookies
        /// `traceparent` and `tracestate`.
        case trace
        /// Times, durations, percent-encoding, base64.
        case values
        /// The configuration file.
        case configuration

        /// Holds one input against all that must be true of every input.
        public func check(_ input: [UInt8]) {
            switch self {
            case .http: RequestChecks.check(input)
            case .paths: PathChecks.check(input)
            case .filter: FilterChecks.check(input)
            case .patch: PatchChecks.check(input)
            case .webhooks: WebhookChecks.check(input)
            case .aws: EventChecks.check(input)
            case .network: NetworkChecks.check(input)
            case .names: NameChecks.check(input)
            case .cookies: CookieChecks.check(input)
            case .trace: TraceChecks.check(input)
            case .values: ValueChecks.check(input)
            case .configuration: ConfigurationChecks.check(input)
            }
        }
    }

#endif

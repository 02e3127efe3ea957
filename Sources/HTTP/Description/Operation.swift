/// What a route does, as API documents tell it (OpenAPI 3.1 section 4.8.10).
public struct Operation: Sendable {
    /// What a request must show to be let in.
    public enum Access: String, Sendable, CaseIterable {
        /// Nothing.
        case anyone
        /// A token of an identity provider.
        case bearer = "IdentityProviderToken"
        /// An API key in `X-API-Key`.
        case apiKey = "ApiKey"
        /// An API key as a bearer token.
        case bearerKey = "ApiKeyAsBearer"
    }

    /// The body of a request.
    public struct Body: Sendable {
        /// The form of the JSON document.
        public let schema: Schema
        /// Whether it must be sent.
        public let isRequired: Bool
        /// Its media type.
        public let mediaType: String
    }

    /// What may come back.
    public struct Answer: Sendable {
        /// The status.
        public let status: Int
        /// What it means.
        public let meaning: String
        /// The form of its JSON document; nil for no body, or one that is not JSON.
        public let schema: Schema?
        /// The media type of the body; nil for none.
        public let mediaType: String?
        /// The header fields that it always has.
        public let headers: [String]
        /// Other media types in which the same is given when asked.
        public var otherMediaTypes: [String] = []

        /// An answer; with a schema it is JSON where nothing else is said.
        public init(
            _ status: Int, _ meaning: String, _ schema: Schema? = nil, mediaType: String? = nil, headers: [String] = []
        ) {
            self.status = status
            self.meaning = meaning
            self.schema = schema
            self.mediaType = mediaType ?? (schema == nil ? nil : "application/json")
            self.headers = headers
        }
    }

    /// The name for generated clients; unique, camel case.
    public let id: String
    /// The heading that it belongs under.
    public let tag: String
    /// What it does, in one line.
    public let summary: String
    /// What there is to know besides.
    public let notes: String?
    /// What a request must show.
    public let access: Access
    /// What a request carries beside its body; ids in the path need not be named.
    public let parameters: [Parameter]
    /// The body.
    public let body: Body?
    /// What comes back when it is done.
    public let answers: [Answer]
    /// The statuses of its own refusals, besides those that follow from the rest.
    public let refusals: [Int]

    /// Describes an operation.
    public init(
        _ id: String, tag: String, _ summary: String, notes: String? = nil, access: Access = .bearer,
        parameters: [Parameter] = [], body: Body? = nil, answers: [Answer], refusals: [Int] = []
    ) {
        self.id = id
        self.tag = tag
        self.summary = summary
        self.notes = notes
        self.access = access
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.refusals = refusals
    }
}

extension Operation.Body {
    /// An object that must be sent.
    public static func object(_ properties: [Property]) -> Operation.Body {
        Operation.Body(schema: .object(properties), isRequired: true, mediaType: "application/json")
    }

    /// An object that may be left out.
    public static func optional(_ properties: [Property]) -> Operation.Body {
        Operation.Body(schema: .object(properties), isRequired: false, mediaType: "application/json")
    }

    /// A document of any form that must be sent.
    public static func document(_ schema: Schema, mediaType: String = "application/json") -> Operation.Body {
        Operation.Body(schema: schema, isRequired: true, mediaType: mediaType)
    }
}

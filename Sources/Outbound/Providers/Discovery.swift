public import Base

/// What an issuer says about itself (OpenID Connect Discovery §3).
public struct Discovery: Sendable {
    /// The issuer, equal to the configured one.
    public let issuer: String
    /// Where its keys are.
    public let keySetURL: WebURL?
    /// Where a login begins.
    public let authorizationEndpoint: WebURL?
    /// Whether the answers of that endpoint name the issuer (RFC 9207 §3).
    public let namesIssuerInAnswers: Bool
    /// Where a code is exchanged for tokens.
    public let tokenEndpoint: WebURL?
    /// Where a person's details are.
    public let userinfoEndpoint: WebURL?
    /// Where a logout begins.
    public let endSessionEndpoint: WebURL?
    /// The algorithms of its ID tokens; empty where it does not say.
    public let algorithms: [String]
    /// The `Date` of the answer.
    public let date: Timestamp?
    /// How long it took.
    public let timings: FetchTimings

    init(
        _ document: JSON, of issuer: WebURL, expected: String, access: ProviderAccess, response: FetchResponse
    ) throws(ProviderError) {
        guard let name = document["issuer"]?.string else { throw .unreadable("the member issuer is missing") }
        guard name.isSame(as: expected) else { throw .issuerMismatch(expected: expected, actual: name) }
        func endpoint(_ member: String) throws(ProviderError) -> WebURL? {
            guard let text = document[member]?.string else { return nil }
            return try access.endpoint(member, text, of: issuer)
        }
        self.issuer = name
        keySetURL = try endpoint("jwks_uri")
        // Only needed for some things; one that may not be used is as good as none.
        authorizationEndpoint = try? endpoint("authorization_endpoint")
        namesIssuerInAnswers = document["authorization_response_iss_parameter_supported"]?.bool ?? false
        tokenEndpoint = try? endpoint("token_endpoint")
        userinfoEndpoint = try? endpoint("userinfo_endpoint")
        endSessionEndpoint = try? endpoint("end_session_endpoint")
        algorithms = document["id_token_signing_alg_values_supported"]?.elements?.compactMap(\.string) ?? []
        date = response.field("date").flatMap(HTTPDate.parse)
        timings = response.timings
    }
}

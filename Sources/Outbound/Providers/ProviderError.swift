public import Tokens

/// Why an identity provider could not be asked, or its answer is not taken.
public enum ProviderError: Error, Sendable {
    /// A URL of the configuration or the discovery document is none: its name and text.
    case invalidURL(String, String)
    /// A URL is `http` where that is not allowed, or leaves the issuer's host without TLS.
    case refusedURL(String, WebURL)
    /// The request failed.
    case fetch(FetchError)
    /// The document is no JSON object, or lacks what it must have; the text says what.
    case unreadable(String)
    /// The discovery document is another issuer's (OpenID Connect Discovery §4.3).
    case issuerMismatch(expected: String, actual: String)
    /// The key set is not taken.
    case keySet(KeySetError)
    /// The answer is about another subject (OpenID Connect Core §5.3.2).
    case subjectMismatch

    /// A word for metrics and logs.
    public var name: String {
        switch self {
        case .invalidURL, .refusedURL: "url"
        case .fetch(let error): error.name
        case .unreadable: "unreadable"
        case .issuerMismatch: "issuer_mismatch"
        case .keySet: "key_set"
        case .subjectMismatch: "subject_mismatch"
        }
    }

    /// A sentence for an administrator; holds nothing secret.
    public var message: String {
        switch self {
        case .invalidURL(let name, let text): "The \(name) \(text.prefix(200)) is not a valid http or https URL."
        case .refusedURL(let name, let url):
            "The \(name) \(url) is not allowed: https is required."
        case .fetch(let error): error.message
        case .unreadable(let what): "The answer could not be read: \(what)."
        case .issuerMismatch(let expected, let actual):
            "The discovery document is of the issuer \(actual.prefix(200)), not of \(expected); "
                + "both must be the same, letter by letter."
        case .keySet(let error): "The key set is not taken: \(error)."
        case .subjectMismatch: "The answer is about another person than the token."
        }
    }

    /// What the log says besides.
    public var cause: String? {
        if case .fetch(let error) = self { error.cause } else { nil }
    }

    /// Whether the other side answered, with an error status.
    var status: Int? {
        if case .fetch(let error) = self, case .status(let status) = error.kind { status } else { nil }
    }
}

/// What a SCIM request ends with when it can't be done (RFC 7644 §3.12).
public struct SCIMError: Error, Sendable, Equatable {
    /// The detail keywords of RFC 7644 table 9.
    public enum Kind: String, Sendable {
        case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue
    }

    /// The HTTP status.
    public let status: Int
    /// The detail keyword; nil where the RFC has none.
    public let kind: Kind?
    /// A sentence for whoever runs the client.
    public let detail: String

    /// Describes an error.
    public init(_ status: Int, _ kind: Kind? = nil, _ detail: String) {
        self.status = status
        self.kind = kind
        self.detail = detail
    }

    /// 400 with a detail keyword.
    public static func bad(_ kind: Kind, _ detail: String) -> SCIMError { SCIMError(400, kind, detail) }
    /// 404, the same whether a resource is nowhere or in another org.
    public static let notFound = SCIMError(404, nil, "There is no such resource.")
    /// 412: the resource is not the one that `If-Match` names.
    public static let changed = SCIMError(412, nil, "The resource has changed meanwhile.")
}

public import Base

/// For what a key is presented.
public struct KeyUse: Sendable {
    /// The module that the key must be bound to; nil: any but SCIM's.
    public let module: String?
    /// The request's id, for the log.
    public let requestID: String
    /// Where the request came from.
    public let clientAddress: IPAddress

    /// Describes a use.
    public init(module: String?, requestID: String, clientAddress: IPAddress) {
        self.module = module
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}

/// Why a key is refused; for the log and the auth event, never for who presented it.
public enum APIKeyRefusal: String, Sendable, CaseIterable {
    case malformed
    case unknown
    case secretWrong = "secret_wrong"
    case revoked
    case orgDeleted = "org_deleted"
    case expired
    case addressNotAllowed = "address_not_allowed"
    case moduleNotAllowed = "module_not_allowed"
}

public import Accounts
internal import Base
internal import HTTP

/// Finds out which program makes a request, by its API key. One per loop.
public final class KeyCallers {
    private let gate: KeyGate
    private let callers: any Callers

    /// Puts the workflow together.
    ///
    /// - Parameter callers: says where a request comes from.
    public init(gate: KeyGate, callers: any Callers) {
        self.gate = gate
        self.callers = callers
    }

    /// The key from memory; nil: ask ``key(of:module:acceptsBearer:)``.
    ///
    /// - Throws: 401 `api_key_invalid`.
    func keyNow(of request: Request, module: String? = nil, acceptsBearer: Bool = false) throws(Problem) -> APIKey? {
        try gate.keyNow(
            Self.presented(request, acceptsBearer), use(request, module))
    }

    /// The key of a request.
    ///
    /// - Parameters:
    ///   - module: the module that the key must be bound to; nil: any but SCIM's. A key for ``APIKey/scimModule``
    ///     always has an org.
    ///   - acceptsBearer: whether `Authorization: Bearer` counts as well where there is no `X-API-Key`.
    /// - Throws: 401 `api_key_invalid`, 400 where there is more than one, 503 `database_unavailable`.
    func key(
        of request: Request, module: String? = nil, acceptsBearer: Bool = false
    ) async throws(Problem) -> APIKey {
        try await gate.key(Self.presented(request, acceptsBearer), use(request, module))
    }

    private func use(_ request: Request, _ module: String?) -> KeyUse {
        KeyUse(module: module, requestID: request.id, clientAddress: callers.clientAddress(of: request))
    }

    private static func presented(_ request: Request, _ acceptsBearer: Bool) throws(Problem) -> String {
        let name: FieldName = acceptsBearer && request.count(.xAPIKey) == 0 ? .authorization : .xAPIKey
        guard request.count(name) <= 1 else {
            throw Problem(.badRequest, "More than one API key was sent; send exactly one.")
        }
        guard let value = request.field(name) else { throw KeyGate.invalid(cause: "missing") }
        if name == .xAPIKey { return value }
        guard value.prefix(7).lowercased() == "bearer " else { throw KeyGate.invalid(cause: "missing") }
        return String(value.dropFirst(7).drop { $0 == " " })
    }
}

public import Accounts
internal import Base
internal import HTTP

/// Finds out which program makes a request, by its API key. One per loop.
public final class KeyCallers {
    private let gate: KeyGate
    private let callers: any Callers
    private let quotas: Quotas

    /// Puts the workflow together.
    ///
    /// - Parameter callers: says where a request comes from.
    public init(gate: KeyGate, callers: any Callers, quotas: Quotas) {
        self.gate = gate
        self.callers = callers
        self.quotas = quotas
    }

    /// The key from memory; nil: ask ``key(of:module:acceptsBearer:)``.
    ///
    /// - Throws: 401 `api_key_invalid`; 429 `rate_limited`.
    func keyNow(of request: Request, module: String? = nil, acceptsBearer: Bool = false) throws(Problem) -> APIKey? {
        guard let key = try gate.keyNow(Self.presented(request, acceptsBearer), use(request, module)),
            try quotas.chargeNow(request, to: .key(key.keyID), limit: key.rateLimit)
        else { return nil }
        request.notes.tenantID = key.orgID
        return key
    }

    /// The key of a request.
    ///
    /// - Parameters:
    ///   - module: the module that the key must be bound to; nil: any but SCIM's. A key for ``APIKey/scimModule``
    ///     always has an org.
    ///   - acceptsBearer: whether `Authorization: Bearer` counts as well where there is no `X-API-Key`.
    /// - Throws: 401 `api_key_invalid`, 400 where there is more than one, 429 `rate_limited`, 503 `database_unavailable`.
    func key(
        of request: Request, module: String? = nil, acceptsBearer: Bool = false
    ) async throws(Problem) -> APIKey {
        let (presented, use) = (try Self.presented(request, acceptsBearer), use(request, module))
        var key = try gate.keyNow(presented, use)
        if key == nil {
            // Keys made up by somebody who is refused anyway are not looked up.
            if !gate.isRemembered(presented) { try quotas.mustHaveSome(request, LimitedCaller(use.clientAddress)) }
            key = try await gate.key(presented, use)
        }
        guard let key else { throw KeyGate.invalid(cause: "unknown") }
        try await quotas.charge(request, to: .key(key.keyID), limit: key.rateLimit)
        request.notes.tenantID = key.orgID
        return key
    }

    /// Where a request comes from.
    func clientAddress(of request: Request) -> IPAddress {
        callers.clientAddress(of: request)
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

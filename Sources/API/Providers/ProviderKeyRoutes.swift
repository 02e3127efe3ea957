public import Accounts
internal import Base
public import HTTP
internal import Tokens

/// The keys that providers sign with: what there is, and taking one out when it has leaked.
public final class ProviderKeyRoutes {
    private let actors: Actors
    private let store: any DroppedKeyStore
    private let keyring: any IssuerKeyring

    /// Puts the routes together.
    public init(actors: Actors, store: any DroppedKeyStore, keyring: any IssuerKeyring) {
        self.actors = actors
        self.store = store
        self.keyring = keyring
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/idp-config/{provider}/keys") { try await self.list($0) }.described(Operations.list),
            Route(.post, "/admin/idp-config/{provider}/keys/{kid}/drop") { try await self.drop($0) }.described(
                Operations.drop),
            Route(.post, "/admin/idp-config/{provider}/keys/{kid}/restore") { try await self.restore($0) }.described(
                Operations.restore),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        let (issuer, dropped) = try await store.droppedKeys(caller, of: provider)
        let keys = keyring.keys(of: issuer)
        let age = keyring.age(of: issuer)
        return .data { writer in
            writer.member("provider", provider.rawValue)
            writer.member("issuer", issuer)
            writer.member("age_seconds", age.map { $0.nanoseconds / 1_000_000_000 })
            writer.keys(keys, without: dropped)
        }
    }

    private func drop(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        let kid = try keyID(request)
        var body = try Body(request, isOptional: true)
        let reason = body.text("reason", max: 500)
        try body.finish()
        let key = try await store.drop(caller, provider, keyID: kid, reason: reason)
        await keyring.dropKey(issuer: key.issuer, kid: key.keyID)
        return .data { writer in
            writer.member("provider", provider.rawValue)
            writer.member("issuer", key.issuer)
            writer.members(of: key)
        }
    }

    private func restore(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        let kid = try keyID(request)
        try Body(request, isOptional: true).finish()
        let issuer = try await store.restore(caller, provider, keyID: kid)
        await keyring.restoreKey(issuer: issuer, kid: kid)
        return .data { writer in
            writer.member("provider", provider.rawValue)
            writer.member("issuer", issuer)
            writer.member("kid", kid)
        }
    }

    private func administrator(_ request: Request) async throws -> Caller {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        return actor.caller
    }

    private func keyID(_ request: Request) throws(Problem) -> String {
        guard let kid = request.parameters["kid"], !kid.isEmpty, kid.utf8.count <= 256, !kid.utf8.contains(0) else {
            throw Problem(.validationFailed, "A key's id has 1 to 256 bytes and no U+0000.")
        }
        return kid
    }
}

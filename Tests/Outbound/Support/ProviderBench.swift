import Base
import Outbound
import Support
import Tokens

/// An issuer of a test's own on the shared server, and a client that asks it.
final class ProviderBench: Sendable {
    let thread: LoopRunner
    let server: OddServer
    /// The issuer's path on the server.
    let place = "/\(EntityID.make())"

    init() throws {
        thread = try LoopRunner()
        server = try OddServer.shared.get()
    }

    var issuer: String { server.origin + place }

    func policy(_ provider: Provider, suffix: String = "", jwksURL: String? = nil) -> IssuerPolicy {
        IssuerPolicy(provider: provider, issuer: issuer + suffix, jwksURL: jwksURL)
    }

    /// Publishes a discovery document of the issuer with these members besides `issuer`.
    func discover(_ members: [String: String], issuer: String? = nil, fields: [String: String] = [:])
        async throws
    {
        let document = JSONWriter.object { writer in
            writer.member("issuer", issuer ?? self.issuer)
            for (name, value) in members { writer.member(name, value) }
        }
        try await server.set(
            place + "/.well-known/openid-configuration", String(decoding: document, as: UTF8.self),
            fields: fields)
    }

    /// What the client answers, or the error that it throws.
    func ask<Value: Sendable>(
        access: ProviderAccess = ProviderAccess(allowsLoopbackHTTP: true),
        _ body: @escaping @Sendable (ProviderClient) async throws(ProviderError) -> Value
    ) async throws -> Result<Value, ProviderError> {
        try await thread.onLoop(within: .seconds(60)) { loop in
            let http = HTTPClient(loop: loop)
            defer { http.close() }
            do throws(ProviderError) {
                return .success(try await body(ProviderClient(http: http, loop: loop, access: access)))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The ids of an issuer's keys, or the name of the error.
    func keys(
        _ policy: IssuerPolicy, access: ProviderAccess = ProviderAccess(allowsLoopbackHTTP: true)
    ) async throws -> [String] {
        switch try await ask(
            access: access, { client throws(ProviderError) in try await client.keySet(of: policy) })
        {
        case .success(let set): set.keys.keys.compactMap(\.id)
        case .failure(let error): ["error: \(error.name)"]
        }
    }
}

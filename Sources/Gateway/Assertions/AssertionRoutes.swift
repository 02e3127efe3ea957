public import HTTP
public import Tokens
internal import Base

/// `GET /.well-known/jwks.json`: the keys that internal assertion tokens are verified with.
public struct AssertionRoutes {
    private let body: [UInt8]

    /// - Parameter keys: the key that signs, and former ones whose tokens may still be about.
    public init(keys: [SigningKey]) {
        body = JSONWriter.object { writer in
            writer.key("keys")
            writer.beginArray()
            for key in keys { writer.value(json: key.publicJWK) }
            writer.endArray()
        }
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            .immediate(.get, "/.well-known/jwks.json") { [body] _ in
                Response(
                    status: 200,
                    fields: [(.contentType, "application/json"), (.cacheControl, "public, max-age=300")], body: body)
            }.described(.assertionKeys)
        ]
    }
}

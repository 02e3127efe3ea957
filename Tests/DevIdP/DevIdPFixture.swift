import Base
import DevIdP
import HTTP
import Testing

/// A provider with routes, asked without a socket.
struct DevIdPFixture {
    static let now = Timestamp(seconds: 1_800_000_000)
    static let origin = "http://127.0.0.1:9000"

    let router: Router

    init(keysFile: String? = nil) throws {
        let clock = Clock(wall: { Self.now }, monotonic: Clock.system.monotonic)
        let provider = try DevelopmentProvider(
            settings: DevIdPSettings(origin: Self.origin, keysFile: keysFile), clock: clock)
        router = try Router(provider.routes)
    }

    func send(
        _ method: HTTP.Method = .get, _ target: String, fields: [(FieldName, String)] = [], body: String = ""
    ) throws -> Response {
        let request = try Request(testing: method, target, fields: fields, body: Array(body.utf8))
        return try #require(router.answerNow(request))
    }

    func json(_ method: HTTP.Method = .get, _ target: String, body: String = "") throws -> JSON {
        try JSON.parse(send(method, target, body: body).body)
    }

    func token(_ query: String) throws -> String {
        let answer = try send(.get, "/token?" + query)
        #expect(answer.status == 200)
        return String(decoding: answer.body, as: UTF8.self)
    }

    func claims(_ query: String) throws -> JSON { try Self.part(1, of: token(query)) }

    func header(_ query: String) throws -> JSON { try Self.part(0, of: token(query)) }

    static func part(_ index: Int, of token: String) throws -> JSON {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        return try JSON.parse(#require(Base64URL.decode(String(parts[index]))))
    }
}

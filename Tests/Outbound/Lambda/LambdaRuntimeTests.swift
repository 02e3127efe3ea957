import Base
import Outbound
import Support
import Testing

/// The runtime API, played by the odd server.
@Suite struct LambdaRuntimeTests {
    let thread: LoopRunner
    let server: OddServer

    init() throws {
        thread = try LoopRunner()
        server = try OddServer()
    }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable (LambdaRuntime) async throws -> Value
    ) async throws -> Value {
        let api = "127.0.0.1:\(server.port)"
        return try await thread.onLoop(within: .seconds(60)) { loop in
            let http = HTTPClient(loop: loop)
            defer { http.close() }
            return try await body(try #require(LambdaRuntime(http: http, api: api)))
        }
    }

    @Test("an event comes with its id, deadline and trace, and is answered under its id")
    func round() async throws {
        try await server.set(
            "/2018-06-01/runtime/invocation/next", #"{"type":"TOKEN"}"#,
            fields: [
                "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                "Lambda-Runtime-Deadline-Ms": "1542409706888", "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-2:123456789012:function:f",
            ], delay: 0.2)
        let place = "/2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd"
        try await server.set(place + "/response", "", status: 202)
        try await server.set(place + "/error", "", status: 202)
        try await server.set("/2018-06-01/runtime/init/error", "", status: 202)
        let invocation = try await run { runtime in
            let invocation = try await runtime.next()
            try await runtime.respond(to: invocation, Array("{}".utf8))
            try await runtime.fail(invocation, type: "Unauthorized", message: "Unauthorized")
            try await runtime.failStart(type: "Configuration", message: "no")
            return invocation
        }
        #expect(String(decoding: invocation.event, as: UTF8.self) == #"{"type":"TOKEN"}"#)
        #expect(invocation.deadline?.seconds == 1_542_409_706)
        #expect(invocation.traceID == "Root=1-5bef4de7")
        #expect(invocation.functionARN == "arn:aws:lambda:us-east-2:123456789012:function:f")
        for path in [place + "/response", place + "/error", "/2018-06-01/runtime/init/error"] {
            #expect(try await server.count(path) == 1)
        }
    }

    @Test("an event without an id that fits into a path is refused", arguments: ["", "../x", "a b", "a/b"])
    func badID(id: String) async throws {
        try await server.set(
            "/2018-06-01/runtime/invocation/next", "{}",
            fields: id.isEmpty ? [:] : ["Lambda-Runtime-Aws-Request-Id": id])
        let error = await #expect(throws: FetchError.self) { try await run { try await $0.next() } }
        #expect(error?.kind == .protocolError)
    }

    @Test("an answer that the service refuses is an error")
    func refused() async throws {
        try await server.set("/2018-06-01/runtime/init/error", "", status: 403)
        let error = await #expect(throws: FetchError.self) {
            try await run { try await $0.failStart(type: "A", message: "b") }
        }
        #expect(error?.kind == .status(403))
    }

    @Test(
        "the API is on this machine",
        arguments: ["a.example:80", "", "127.0.0.1:9001/x", "user@127.0.0.1", "10.0.0.1:80"])
    func elsewhere(api: String) async throws {
        #expect(
            try await thread.onLoop(within: .seconds(60)) { loop in
                LambdaRuntime(http: HTTPClient(loop: loop), api: api) == nil
            })
    }
}

/// The secrets extension, played by the odd server. It tells its function by the token, and tells us nothing else.
@Suite struct SecretsExtensionTests {
    func secret(_ server: OddServer, _ arn: String, patience: Duration = .zero) async throws -> String {
        let port = UInt16(server.port)
        return try await onLoop(within: .seconds(60)) { loop in
            let http = HTTPClient(loop: loop)
            defer { http.close() }
            let secrets = SecretsExtension(
                http: http, loop: loop, port: port, sessionToken: "session", patience: patience)
            return try await secrets.secret(arn).text
        }
    }

    static let secretARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"
    static let parameterARN = "arn:aws:ssm:eu-central-1:123456789012:parameter/db/url"

    @Test("a secret and a parameter come by their ARN")
    func reads() async throws {
        let server = try OddServer()
        try await server.set("/secretsmanager/get", #"{"Name":"db","SecretString":"s3cret"}"#)
        try await server.set("/systemsmanager/parameters/get", #"{"Parameter":{"Value":"v4lue"}}"#)
        #expect(try await secret(server, Self.secretARN) == "s3cret")
        #expect(try await secret(server, Self.parameterARN) == "v4lue")
    }

    @Test("an extension that is starting is waited for, for a while")
    func starting() async throws {
        let server = try OddServer()
        try await server.set("/secretsmanager/get", "not ready to serve traffic, please wait", status: 400)
        await #expect(throws: SecretsExtension.Failure.self) {
            try await secret(server, Self.secretARN, patience: .milliseconds(100))
        }
        async let late = secret(server, Self.secretARN, patience: .seconds(20))
        while try await server.count("/secretsmanager/get") ?? 0 < 4 { try await Task.sleep(for: .milliseconds(5)) }
        try await server.set("/secretsmanager/get", #"{"SecretString":"s3cret"}"#)
        #expect(try await late == "s3cret")
    }

    @Test(
        "what is no secret is refused",
        arguments: ["garbage", "{}", #"{"SecretBinary":"AAAA"}"#, #"{"SecretString":null}"#])
    func unreadable(text: String) async throws {
        let server = try OddServer()
        try await server.set("/secretsmanager/get", text)
        let error = await #expect(throws: SecretsExtension.Failure.self) { try await secret(server, Self.secretARN) }
        guard case .unreadable = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    @Test(
        "what is no ARN is not asked for",
        arguments: [
            "", "db", "arn:aws:s3:::bucket", "arn:aws:secretsmanager:r:a:other:db", "arn:aws:ssm:r:a:document/x",
            "urn:aws:secretsmanager:r:a:secret:db",
        ])
    func noARN(text: String) async throws {
        let server = try OddServer.shared.get()
        let error = await #expect(throws: SecretsExtension.Failure.self) { try await secret(server, text) }
        guard case .notAnARN = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
}

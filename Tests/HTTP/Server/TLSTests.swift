import Base
import COpenSSL
import Glibc
import Testing

@testable import HTTP

@Suite("TLS") struct TLSTests {
    private static let folder = "\(#filePath)".replacing("/HTTP/Server/TLSTests.swift", with: "/Vectors/http/tls")

    private func context(_ name: String = "first") throws -> TLSContext {
        try TLSContext(certificate: "\(Self.folder)/\(name).crt", key: "\(Self.folder)/\(name).key")
    }

    @Test("speaks TLS 1.2 and 1.3", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func versions(_ version: Int32) async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        let client = try TLSClient(server.port, version: version)
        #expect(client.serverName == "first.example")
        for path in ["/now", "/later", "/now"] {
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
        }
        client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body == "later")
    }

    @Test("speaks nothing older", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func oldVersions(_ version: Int32) async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        #expect(throws: ClientError.self) { try TLSClient(server.port, version: version) }
    }

    @Test("agrees on http/1.1, and on nothing else")
    func protocols() async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        #expect(try TLSClient(server.port, offers: ["h2", "http/1.1"]).agreed == "http/1.1")
        #expect(throws: ClientError.self) { try TLSClient(server.port, offers: ["h2"]) }
    }

    @Test("resumes sessions", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func resumption(_ version: Int32) async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        let first = try TLSClient(server.port, version: version)
        first.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first.response().status == 200)
        #expect(!first.isResumed)
        let second = try TLSClient(server.port, version: version, resuming: first.ticket)
        #expect(second.isResumed)
        second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try second.response().status == 200)
    }

    @Test("sends large answers and reads large bodies whole")
    func large() async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        let client = try TLSClient(server.port)
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body.utf8.count == 8 * 1024 * 1024)
        let body = String(repeating: "x", count: 300_000)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n\(body)")
        #expect(try client.response().body == body)
    }

    @Test("answers pipelined requests of one record, with a task between and a full buffer behind")
    func pipelined() async throws {
        let server = try await TestServer(tls: context()) { try TestRoutes.router() }
        let client = try TLSClient(server.port)
        let pad = String(repeating: "p", count: 3000)
        client.send(
            (0..<30).map { index in
                "GET \(index % 2 == 0 ? "/later" : "/now") HTTP/1.1\r\nHost: a\r\nX-Pad: \(pad)\r\nX-Request-Id: r\(index)\r\nConnection: \(index == 29 ? "close" : "keep-alive")\r\n\r\n"
            }.joined())
        var seen: [String] = []
        var received: [UInt8] = []
        while seen.count < 30 {
            let more = try client.receiveSome()
            if more.isEmpty { break }
            received += more
            while let reply = Reply.first(in: &received, isHead: false) {
                seen.append(reply.field("x-request-id") ?? "")
            }
        }
        #expect(seen == (0..<30).map { "r\($0)" })
    }

    @Test("closes on plain HTTP, on a silent client and on a broken handshake")
    func broken() async throws {
        let settings = ServerSettings(headTime: .milliseconds(150))
        let server = try await TestServer(settings, tls: context()) { try TestRoutes.router() }
        let plain = try TestClient(server.port)
        plain.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        // An alert or a reset, as the system has it.
        let answer = (try? plain.receiveAll()) ?? ""
        #expect(!answer.contains("HTTP/1.1"))
        #expect(try TestClient(server.port).isEnded())
        let half = try TestClient(server.port)
        half.send([0x16, 3, 1, 2, 0])
        #expect(try half.isEnded())
        let good = try TLSClient(server.port)
        good.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try good.response().status == 200)
    }

    @Test("takes a new certificate on reload, keeps open connections, and keeps the old one where the new is bad")
    func reload() async throws {
        let folder = try Self.temporaryFolder()
        try Self.copy("first", to: folder)
        let context = try TLSContext(certificate: "\(folder)/crt", key: "\(folder)/key")
        let server = try await TestServer(tls: context) { try TestRoutes.router() }
        let old = try TLSClient(server.port)
        #expect(old.serverName == "first.example")
        try Self.copy("second", to: folder)
        try context.reload()
        #expect(try TLSClient(server.port).serverName == "second.example")
        old.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try old.response().status == 200)
        try Self.write([1, 2, 3], to: "\(folder)/key")
        #expect(throws: TLSError.self) { try context.reload() }
        #expect(try TLSClient(server.port).serverName == "second.example")
    }

    @Test("names the file that can't be used")
    func errors() throws {
        let folder = Self.folder
        let cases: [(String, String, String)] = [
            ("none.crt", "first.key", "none.crt"), ("first.crt", "none.key", "none.key"),
            ("first.crt", "second.key", "second.key"), ("first.crt", "encrypted.key", "encrypted.key"),
            ("first.key", "first.key", "first.key"),
        ]
        for (certificate, key, named) in cases {
            let error = #expect(throws: TLSError.self) {
                try TLSContext(certificate: "\(folder)/\(certificate)", key: "\(folder)/\(key)")
            }
            #expect(error?.description.contains(named) == true, "\(certificate), \(key)")
        }
    }

    private static func temporaryFolder() throws -> String {
        var template = Array("/tmp/vestibule-tls-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw ClientError.failed("mkdtemp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func copy(_ name: String, to folder: String) throws {
        for ending in ["crt", "key"] {
            try write(TestFile.read("\(Self.folder)/\(name).\(ending)"), to: "\(folder)/\(ending)")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw ClientError.failed(path) }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }
}

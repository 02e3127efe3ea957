import Base
import Outbound
import Support

extension OddServer {
    /// Makes the server answer a path with this body from now on.
    ///
    /// - Parameters:
    ///   - delay: seconds before the answer.
    ///   - drops: close the connection without an answer.
    func set(
        _ path: String, _ body: String, status: Int = 200, fields: [String: String] = [:],
        delay: Double = 0,
        drops: Bool = false
    ) async throws {
        let document = JSONWriter.object { writer in
            writer.member("body", body)
            writer.member("status", status)
            writer.member("delay", delay)
            writer.member("drop", drops ? true : nil)
            writer.key("fields")
            writer.beginObject()
            for (name, value) in fields { writer.member(name, value) }
            writer.endObject()
        }
        _ = try await ask("/set\(path)", body: document)
    }

    /// How often a path was asked for.
    func count(_ path: String) async throws -> Int? {
        Int(String(decoding: try await ask("/count\(path)", body: nil), as: UTF8.self))
    }

    private func ask(_ path: String, body: [UInt8]?) async throws -> [UInt8] {
        let url = try url(path)
        return try await onLoop(within: .seconds(60)) { loop in
            let client = HTTPClient(loop: loop)
            defer { client.close() }
            var request = FetchRequest(body == nil ? .get : .post, url, addresses: .loopbackOnly)
            request.body = body.map { .json($0) }
            request.limits = FetchLimits(total: .seconds(20), connect: .seconds(20), bodyBytes: 1 << 20)
            return try await client.fetch(request).requireSuccess(url).body
        }
    }
}

/// Key sets as text. All keys are the same point (RFC 7515 appendix A.3) under different ids.
enum Keys {
    static func set(_ ids: String...) -> String { set(ids) }

    static func set(_ ids: [String]) -> String {
        let keys = ids.map {
            """
            {"kty":"EC","crv":"P-256","kid":"\($0)","use":"sig","alg":"ES256",\
            "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
            """
        }
        return #"{"keys":[\#(keys.joined(separator: ","))]}"#
    }
}

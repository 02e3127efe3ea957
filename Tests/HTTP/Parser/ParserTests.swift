import Base
import Testing

@testable import HTTP

/// The parser against `requests.json`: whole, byte by byte, and cut at every place, always with one result.
@Suite("Request parser") struct ParserTests {
    /// What a feeding comes to.
    struct Outcome: Equatable {
        var result: String
        var method = ""
        var path = ""
        var query: String?
        var body: [UInt8] = []
        var rest = 0
        var keepsAlive = false
    }

    /// Feeds the pieces as a connection would, and stops at the first verdict as it would.
    static func feed(_ pieces: [ArraySlice<UInt8>]) throws -> Outcome {
        let request = Request(loop: TestLoop.idle, limits: RequestLimits(), ids: RequestIDs(seed: 1))
        for (index, piece) in pieces.enumerated() {
            request.receive(copying: Array(piece).span)
            var progress = request.advance()
            if progress == .expectsContinue { progress = request.advance() }
            switch progress {
            case .incomplete, .expectsContinue: continue
            case .refused(let refusal): return Outcome(result: refusal.rawValue)
            case .complete:
                let later = pieces[(index + 1)...].reduce(0) { $0 + $1.count }
                return Outcome(
                    result: "accepted", method: request.method.name, path: request.path, query: request.query,
                    body: request.body, rest: request.filled - request.cursor + later,
                    keepsAlive: request.parser.framing.keepsAlive)
            }
        }
        return Outcome(result: "incomplete")
    }

    @Test("has as many vectors as it should")
    func count() {
        #expect(RequestVector.all.count > 170)
        #expect(Set(RequestVector.all.map(\.name)).count == RequestVector.all.count)
    }

    @Test("judges each vector as it says", arguments: RequestVector.all)
    func verdict(_ vector: RequestVector) throws {
        let outcome = try Self.feed([vector.bytes[...]])
        #expect(outcome.result == vector.result)
        guard outcome.result == "accepted" else { return }
        if let method = vector.method { #expect(outcome.method == method) }
        if let path = vector.path { #expect(outcome.path == path) }
        if vector.path != nil { #expect(outcome.query == vector.query) }
        if let body = vector.body { #expect(outcome.body == body) }
        if let count = vector.bodyCount { #expect(outcome.body.count == count) }
        if let keepsAlive = vector.keepsAlive { #expect(outcome.keepsAlive == keepsAlive) }
        #expect(outcome.rest == vector.rest)
    }

    @Test("judges the same byte by byte", arguments: RequestVector.all.filter { !$0.isLarge })
    func byteByByte(_ vector: RequestVector) throws {
        let whole = try Self.feed([vector.bytes[...]])
        let bytes = vector.bytes
        #expect(try Self.feed(bytes.indices.map { bytes[$0..<$0 + 1] }) == whole)
    }

    @Test("judges the same wherever the bytes are cut", arguments: RequestVector.all)
    func cut(_ vector: RequestVector) throws {
        let bytes = vector.bytes
        let whole = try Self.feed([bytes[...]])
        // Long inputs are cut near both ends and at some places between.
        let isLong = bytes.count > 1500
        let places =
            isLong
            ? Array(0..<120) + stride(from: 120, to: bytes.count - 80, by: 100_003) + ((bytes.count - 80)..<bytes.count)
            : Array(bytes.indices)
        for place in places {
            let outcome = try Self.feed([bytes[..<place], bytes[place...]])
            #expect(outcome == whole, "cut at \(place)")
        }
    }

    @Test("is incomplete for every true beginning of a request that is accepted")
    func prefixes() throws {
        for vector in RequestVector.all where vector.result == "accepted" && vector.bytes.count < 500 {
            let needed = vector.bytes.count - vector.rest
            for length in 0..<needed {
                let outcome = try Self.feed([vector.bytes[..<length]])
                #expect(outcome.result == "incomplete", "\(vector.name) of \(length) bytes")
            }
        }
    }

    @Test("reads pipelined requests one after another from one buffer")
    func pipelined() throws {
        let request = Request(loop: TestLoop.idle, limits: RequestLimits(), ids: RequestIDs(seed: 1))
        let texts = RequestVector.all.filter { $0.result == "accepted" && $0.rest == 0 && $0.bytes.count < 500 }
        request.receive(copying: Array(texts.flatMap(\.bytes)).span)
        for vector in texts {
            var progress = request.advance()
            if progress == .expectsContinue { progress = request.advance() }
            #expect(progress == .complete, "\(vector.name)")
            if let path = vector.path { #expect(request.path == path) }
            request.next()
        }
        #expect(request.isEmpty)
    }
}

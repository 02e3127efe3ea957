#if DEBUG || FUZZING

    internal import Base

    @testable import HTTP

    /// The request parser: one verdict however the bytes are cut, and nothing in what it accepts that two could read
    /// in two ways.
    enum RequestChecks {
        private struct Outcome: Equatable {
            var refusal: String?
            var text = ""
            var body: [UInt8] = []
            var rest: [UInt8] = []
            var isIncomplete = false
        }

        static func check(_ input: [UInt8]) {
            guard let cut = input.first, input.count < 6000 else { return }
            let bytes = Array(input.dropFirst())
            let whole = read([bytes[...]])
            let place = min(Int(cut) * 3, bytes.count)
            precondition(read([bytes[..<place], bytes[place...]]) == whole, "another verdict in two pieces")
            if bytes.count < 1200 {
                precondition(read(bytes.indices.map { bytes[$0..<$0 + 1] }) == whole, "another verdict byte by byte")
            }
        }

        private static func read(_ pieces: [ArraySlice<UInt8>]) -> Outcome {
            guard let loop = FuzzLoop.shared else { return Outcome() }
            let request = Request(loop: loop, limits: RequestLimits(), ids: RequestIDs(seed: 1))
            for (index, piece) in pieces.enumerated() {
                request.receive(copying: Array(piece).span)
                var progress = request.advance()
                if progress == .expectsContinue { progress = request.advance() }
                switch progress {
                case .incomplete, .expectsContinue: continue
                case .refused(let refusal): return Outcome(refusal: refusal.rawValue)
                case .complete:
                    inspect(request)
                    var rest = request.unread
                    for later in pieces[(index + 1)...] { rest += later }
                    return Outcome(text: text(request), body: request.body, rest: rest)
                }
            }
            return Outcome(isIncomplete: true)
        }

        private static func text(_ request: Request) -> String {
            var text =
                "\(request.method.name) \(request.path) \(request.query ?? "-") \(request.parser.framing.keepsAlive)"
            request.forEachField { text += "\n\($0.text): \($1.text)" }
            return text
        }

        private static func inspect(_ request: Request) {
            precondition(request.method.name.utf8.allSatisfy { Octet.isToken($0) }, "method")
            request.withPath { path in
                precondition(path.count > 0 && (path[0] == 47 || path.spells("*")), "path")
                for index in 0..<path.count { precondition(path[index] > 32 && path[index] < 127, "byte in the path") }
            }
            var lengths = 0
            var encodings = 0
            request.forEachField { name, value in
                precondition(name.count > 0, "name")
                for index in 0..<name.count { precondition(Octet.isToken(name[index]), "byte in a name") }
                for index in 0..<value.count {
                    precondition(value[index] == 9 || value[index] >= 32 && value[index] != 127, "byte in a value")
                }
                if value.count > 0 {
                    precondition(!Octet.isBlank(value[0]) && !Octet.isBlank(value[value.count - 1]), "blanks")
                }
                if name.spellsAnyCase("content-length") { lengths += 1 }
                if name.spellsAnyCase("transfer-encoding") { encodings += 1 }
            }
            precondition(lengths + encodings <= 1, "two framings")
            precondition(lengths + encodings == 1 || request.body.isEmpty, "a body out of nowhere")
            precondition(request.count(.host) == 1 || request.parser.isVersion10, "hosts")
            precondition(request.body.count <= RequestLimits().body, "body")
            _ = (request.id, request.caller, request.field(.cookie))
        }
    }

    /// A loop that nobody runs: requests belong to one.
    enum FuzzLoop {
        static let shared = try? EventLoop()
    }

    extension Request {
        /// What came behind the request.
        fileprivate var unread: [UInt8] {
            let other = Request(loop: loop, limits: RequestLimits(), ids: ids)
            moveRest(to: other)
            return other.withRange(0..<other.filled) { $0.array }
        }
    }

#endif

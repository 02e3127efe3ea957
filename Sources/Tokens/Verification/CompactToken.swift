internal import Base

/// The three parts of a compact token (RFC 7515 §7.1), decoded.
struct CompactToken {
    static let largestSize = 16_384

    let header: [UInt8]
    let payload: [UInt8]
    let signature: [UInt8]
    /// Where the first two parts end: what is signed is everything before the second dot.
    let headerEnd: Int
    let payloadEnd: Int

    init(_ token: Span<UInt8>, _ record: inout some CheckRecorder) throws(VerificationStop) {
        let size = token.count
        try record.require(
            .size, size <= CompactToken.largestSize, expected: "at most \(CompactToken.largestSize) bytes",
            actual: "\(size) bytes")
        let dots = CompactToken.dots(token)
        try record.require(
            .parts, CompactToken.areThreeParts(dots, size), expected: "three parts, none empty",
            actual: "\(dots.count + 1) parts, or an empty one")
        let header = Base64URL.decode(token.extracting(0..<dots.first))
        let payload = Base64URL.decode(token.extracting((dots.first + 1)..<dots.second))
        let signature = Base64URL.decode(token.extracting((dots.second + 1)..<size))
        let bad = header == nil ? "header" : payload == nil ? "payload" : signature == nil ? "signature" : nil
        let all = bad == nil ? (header, payload, signature) : nil
        let decoded = try record.require(
            .encoding, all, expected: "base64url without padding", actual: bad.map { "the \($0) is not" } ?? "it is")
        guard let header = decoded.0, let payload = decoded.1, let signature = decoded.2 else {
            throw .rejected(TokenRejection(.encoding))
        }
        self.header = header
        self.payload = payload
        self.signature = signature
        headerEnd = dots.first
        payloadEnd = dots.second
    }

    /// How many dots there are, and where the first two are.
    private static func dots(_ token: Span<UInt8>) -> (count: Int, first: Int, second: Int) {
        var count = 0
        var first = 0
        var second = 0
        for index in token.indices where token[index] == 0x2E {
            count += 1
            if count == 1 { first = index }
            if count == 2 { second = index }
        }
        return (count, first, second)
    }

    private static func areThreeParts(_ dots: (count: Int, first: Int, second: Int), _ size: Int) -> Bool {
        dots.count == 2 && dots.first > 0 && dots.second > dots.first + 1 && dots.second < size - 1
    }
}

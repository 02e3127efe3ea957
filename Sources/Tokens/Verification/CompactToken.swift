internal import Base

/// Where the three parts of a compact token are (RFC 7515 §7.1).
struct CompactToken {
    static let largestSize = 16_384

    /// The decoded parts.
    struct Parts {
        /// Empty where it was not wanted.
        var header: [UInt8] = []
        var payload: [UInt8]
        var signature: [UInt8]
    }

    /// Where the first two parts end: what is signed is everything before the second dot.
    let headerEnd: Int
    let payloadEnd: Int

    init(_ token: Span<UInt8>, _ record: inout some CheckRecorder) throws(VerificationStop) {
        let size = token.count
        try record.require(
            .size, size <= CompactToken.largestSize, expected: "at most \(CompactToken.largestSize) bytes",
            actual: "\(size) bytes")
        let dots = CompactToken.dots(token)
        if dots.count == 2, dots.first > 0, dots.second == size - 1 {
            try CompactToken.refuseUnsecured(token.extracting(0..<dots.first), &record)
        }
        try record.require(
            .parts, CompactToken.areThreeParts(dots, size), expected: "three parts, none empty",
            actual: "\(dots.count > 2 ? "more than 3" : "\(dots.count + 1)") parts, or an empty one")
        headerEnd = dots.first
        payloadEnd = dots.second
    }

    /// Decodes the parts; the header only where it is wanted.
    func decode<Recorder: CheckRecorder>(
        _ token: Span<UInt8>, withHeader: Bool, _ record: inout Recorder
    ) throws(VerificationStop) -> Parts {
        let header = withHeader ? Base64URL.decode(token.extracting(0..<headerEnd)) : []
        let payload = Base64URL.decode(token.extracting((headerEnd + 1)..<payloadEnd))
        let signature = Base64URL.decode(token.extracting((payloadEnd + 1)..<token.count))
        if !Recorder.keepsRecord, let header, let payload, let signature {
            return Parts(header: header, payload: payload, signature: signature)
        }
        let bad = header == nil ? "header" : payload == nil ? "payload" : signature == nil ? "signature" : nil
        try record.require(
            .encoding, bad == nil, expected: "base64url without padding",
            actual: bad.map { "the \($0) is not" } ?? "it is")
        guard let header, let payload, let signature else { throw .rejected(TokenRejection(.encoding)) }
        return Parts(header: header, payload: payload, signature: signature)
    }

    /// A token whose `alg` is `none` has no signature (RFC 7515 appendix A.5): it is refused for its algorithm, as it is
    /// with any signature, and not for its form.
    private static func refuseUnsecured(
        _ header: Span<UInt8>, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        guard let bytes = Base64URL.decode(header), let header = TokenHeader.object(bytes) else { return }
        _ = try TokenHeader.algorithm(header, &record)
    }

    /// How many dots there are, three at most, and where the first two are. Looks at eight bytes at a time: tokens are
    /// long.
    private static func dots(_ token: Span<UInt8>) -> (count: Int, first: Int, second: Int) {
        unsafe token.withUnsafeBytes { bytes in
            var dots = (count: 0, first: 0, second: 0)
            func note(_ index: Int) {
                dots.count += 1
                if dots.count == 1 { dots.first = index } else if dots.count == 2 { dots.second = index }
            }
            var index = 0
            while index + 8 <= bytes.count, dots.count < 3 {
                // A byte of the difference is zero just where there is a dot; the sum says whether any is.
                let difference =
                    unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ 0x2E2E_2E2E_2E2E_2E2E
                if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0 {
                    for place in index..<(index + 8) where unsafe bytes[place] == 0x2E { note(place) }
                }
                index += 8
            }
            while index < bytes.count, dots.count < 3 {
                if unsafe bytes[index] == 0x2E { note(index) }
                index += 1
            }
            return dots
        }
    }

    private static func areThreeParts(_ dots: (count: Int, first: Int, second: Int), _ size: Int) -> Bool {
        dots.count == 2 && dots.first > 0 && dots.second > dots.first + 1 && dots.second < size - 1
    }
}

import Testing

@testable import HTTP

/// Vectors changed at random, always the same ones: whatever comes, cutting it changes nothing, and nothing breaks.
@Suite("Request parser on mutated requests") struct ParserMutationTests {
    /// SplitMix64, so that a failure can be had again from its seed.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let telling: [UInt8] = [0, 9, 10, 13, 32, 35, 37, 44, 47, 48, 53, 58, 59, 63, 97, 127, 128, 255]

    private static func mutate(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let byte = telling[Int.random(in: 0..<telling.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = byte
            case 1: bytes.insert(byte, at: place)
            case 2: if bytes.count > 1 { bytes.remove(at: place) }
            default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
            }
        }
        return bytes
    }

    @Test("judges the same in one piece, in two, and byte by byte", arguments: 0..<40)
    func mutations(_ seed: Int) throws {
        let vectors = RequestVector.all.filter { $0.bytes.count < 400 }
        var random = Random(state: UInt64(seed))
        for _ in 0..<100 {
            let vector = vectors[Int.random(in: 0..<vectors.count, using: &random)]
            let bytes = Self.mutate(vector.bytes, &random)
            let whole = try ParserTests.feed([bytes[...]])
            let place = Int.random(in: 0...bytes.count, using: &random)
            #expect(try ParserTests.feed([bytes[..<place], bytes[place...]]) == whole, "\(bytes) at \(place)")
            #expect(try ParserTests.feed(bytes.indices.map { bytes[$0..<$0 + 1] }) == whole, "\(bytes)")
        }
    }
}

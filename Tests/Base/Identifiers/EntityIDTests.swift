import Support
import Testing

@testable import Base

@Suite struct EntityIDTests {
    @Test("a text of any case comes back in lower case, with its bytes")
    func text() throws {
        let text = "0190163D-8694-739B-AEA5-966C26F8AD91"
        let id = try #require(EntityID(text))
        #expect(id.description == text.lowercased())
        #expect(Hex.encode(id.bytes) == text.lowercased().replacing("-", with: ""))
        #expect(EntityID(bytes: id.bytes) == id)
        #expect(id.withBytes { bytes in bytes.indices.map { bytes[$0] } } == id.bytes)
        #expect(EntityID(Substring(text)) == id)
    }

    @Test(
        "any other text is refused",
        arguments: [
            "", "0190163d8694739baea5966c26f8ad91", "0190163d-8694-739b-aea5-966c26f8ad9",
            "0190163d-8694-739b-aea5-966c26f8ad911", "{190163d-8694-739b-aea5-966c26f8ad9}",
            "0190163d-8694-739b-aea5-966c26f8ad9g", "0190163d_8694_739b_aea5_966c26f8ad91",
            "0190163d86-94-739b-aea5-966c26f8ad91", " 190163d-8694-739b-aea5-966c26f8ad91",
            "0190163d-8694-739b-aea5-966c26f8ad9\u{664}",
        ])
    func refused(_ text: String) {
        #expect(EntityID(text) == nil)
    }

    @Test("bytes of another number than sixteen are refused", arguments: [0, 15, 17])
    func bytes(_ count: Int) {
        #expect(EntityID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("version 7 has its time, version and variant where RFC 9562 says, whatever the random bits")
    func version7() {
        // RFC 9562, appendix A.6: 2022-02-22T14:22:22-05:00.
        let time = Timestamp(microseconds: 1_645_557_742_000_000)
        let low = EntityID.v7(at: time, randomness: Randomness { [UInt8](repeating: 0, count: $0) })
        let high = EntityID.v7(at: time, randomness: Randomness { [UInt8](repeating: 0xFF, count: $0) })
        #expect(low.description == "017f22e2-79b0-7000-8000-000000000000")
        #expect(high.description == "017f22e2-79b0-7fff-bfff-ffffffffffff")
        #expect(low < high)
    }

    @Test("times before 1970 count as 1970")
    func early() {
        let id = EntityID.v7(
            at: Timestamp(microseconds: -1), randomness: Randomness { [UInt8](repeating: 0, count: $0) })
        #expect(id.description.hasPrefix("00000000-0000-7"))
    }

    @Test("ids that are made one after another only rise, on every thread, while the clock stands still")
    func rising() async {
        let clock = ManualClock(wall: Clock.system.wall())
        await withTaskGroup(of: [EntityID].self) { group in
            for _ in 0..<4 { group.addTask { (0..<2000).map { _ in EntityID.make(clock.clock) } } }
            var all: Set<EntityID> = []
            for await ids in group {
                #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
                all.formUnion(ids)
            }
            #expect(all.count == 8000)
        }
    }

    @Test("an id that is made has the clock's millisecond, and the fraction behind it")
    func ticks() {
        #expect(IDSequence.ticks(at: Timestamp(microseconds: 1_645_557_742_000_000)) == 0x017f_22e2_79b0_000)
        #expect(IDSequence.ticks(at: Timestamp(microseconds: 1_645_557_742_000_500)) == 0x017f_22e2_79b0_800)
        #expect(IDSequence.ticks(at: Timestamp(microseconds: 1_645_557_742_000_999)) == 0x017f_22e2_79b0_ffb)
        #expect(IDSequence.ticks(at: Timestamp(microseconds: -5)) == 0)
        let before = Clock.system.wall()
        let id = EntityID.make()
        #expect(id.high >> 16 >= UInt64(before.microseconds / 1000))
        #expect(id.high >> 12 & 0xF == 7)
        #expect(id.low >> 62 == 2)
    }

    @Test("ids follow a clock that is set back by more than ten seconds, and run on when it is less")
    func setBack() {
        let last = IDSequence.ticks(at: Timestamp(seconds: 1_000_000))
        #expect(IDSequence.following(last, last - IDSequence.lead) == last + 1)
        #expect(IDSequence.following(last, last - IDSequence.lead - 1) == last - IDSequence.lead - 1)
        #expect(IDSequence.following(last, last) == last + 1)
        #expect(IDSequence.following(last, last + 1) == last + 1)
    }

    @Test(
        "random bytes come in the number asked for and are not all the same", arguments: [0, 1, 16, 256, 257, 100_000])
    func randomness(_ count: Int) {
        let bytes = Randomness.system.bytes(count)
        #expect(bytes.count == count)
        if count >= 16 { #expect(bytes != Randomness.system.bytes(count)) }
    }
}

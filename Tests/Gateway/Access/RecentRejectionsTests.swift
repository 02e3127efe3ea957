import Base
import Testing
import Tokens

@testable import Gateway

@Suite struct RecentRejectionsTests {
    static let now = Timestamp(seconds: 1_800_000_000)
    let trust = TrustStore(version: 1, generation: 1, issuers: [])
    let token = Array("eyJ.eyJ.c2ln".utf8)

    private func remembered(_ check: TokenCheck = .signature) -> RecentRejections {
        var recent = RecentRejections(slots: 8)
        let rejection = TokenRejection(check)
        recent.remember(rejection, as: rejection.problem, of: token.span, in: trust, now: Self.now)
        return recent
    }

    @Test("A refusal is given again for the same bytes under the same keys")
    func again() {
        #expect(remembered().find(token.span, in: trust, now: Self.now)?.code == .tokenSignatureInvalid)
    }

    @Test("Another byte, a shorter or longer token is another token")
    func others() {
        let recent = remembered()
        for index in token.indices {
            var other = token
            other[index] ^= 1
            #expect(recent.find(other.span, in: trust, now: Self.now) == nil)
        }
        #expect(recent.find(Array(token.dropLast()).span, in: trust, now: Self.now) == nil)
        #expect(recent.find((token + [0x41]).span, in: trust, now: Self.now) == nil)
    }

    @Test("Other keys, ten seconds, or a clock that was set back end it")
    func ends() {
        let recent = remembered()
        let other = TrustStore(version: 1, generation: 2, issuers: [])
        #expect(recent.find(token.span, in: other, now: Self.now) == nil)
        let end = Self.now.microseconds + 10_000_000
        #expect(recent.find(token.span, in: trust, now: Timestamp(microseconds: end - 1)) != nil)
        #expect(recent.find(token.span, in: trust, now: Timestamp(microseconds: end)) == nil)
        #expect(recent.find(token.span, in: trust, now: Timestamp(microseconds: Self.now.microseconds - 1)) == nil)
    }

    @Test("That a key could not be had is remembered for a second")
    func unknownKey() {
        var recent = RecentRejections(slots: 8)
        let problem = Problem(.tokenKeyUnknown, "No.")
        recent.rememberUnknownKey(as: problem, of: token.span, in: trust, now: Self.now)
        let end = Self.now.microseconds + 1_000_000
        #expect(recent.find(token.span, in: trust, now: Timestamp(microseconds: end - 1))?.code == .tokenKeyUnknown)
        #expect(recent.find(token.span, in: trust, now: Timestamp(microseconds: end)) == nil)
    }

    @Test("Two tokens of one place are both remembered")
    func twoPlaces() {
        var recent = RecentRejections(slots: 2)
        let other = token + [0x41]
        for token in [token, other] {
            let problem = Problem(.tokenMalformed, "\(token.count)")
            recent.rememberUnknownKey(as: problem, of: token.span, in: trust, now: Self.now)
        }
        #expect(recent.find(token.span, in: trust, now: Self.now)?.message == "\(token.count)")
        #expect(recent.find(other.span, in: trust, now: Self.now)?.message == "\(other.count)")
    }

    @Test("What time alone may undo is not remembered", arguments: [TokenCheck.notBefore, .issuedAt])
    func early(check: TokenCheck) {
        #expect(remembered(check).find(token.span, in: trust, now: Self.now) == nil)
    }

    @Test("Tokens up to 2 KiB are remembered", arguments: [(2048, true), (2049, false)])
    func size(count: Int, isRemembered: Bool) {
        var recent = RecentRejections(slots: 8)
        let token = [UInt8](repeating: 0x41, count: count)
        let rejection = TokenRejection(.parts)
        recent.remember(rejection, as: rejection.problem, of: token.span, in: trust, now: Self.now)
        #expect((recent.find(token.span, in: trust, now: Self.now) != nil) == isRemembered)
    }
}

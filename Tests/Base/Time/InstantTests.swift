import Base
import Testing

@Suite struct InstantTests {
    @Test("durations are added and taken apart in nanoseconds")
    func arithmetic() {
        let start = Instant(nanoseconds: 5)
        #expect((start + .milliseconds(2)).nanoseconds == 2_000_005)
        #expect((start + .nanoseconds(-6)).nanoseconds == -1)
        #expect((start + .seconds(1)) - start == .seconds(1))
        #expect(start < start + .nanoseconds(1))
        #expect((Duration.seconds(-1) - .nanoseconds(1)).nanoseconds == -1_000_000_001)
    }

    @Test("what is beyond 292 years is cut, not trapped on")
    func extremes() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
        #expect(Duration.seconds(9_223_372_036).nanoseconds == 9_223_372_036_000_000_000)
        #expect(Duration.seconds(9_223_372_037).nanoseconds == .max)
        #expect((Instant(nanoseconds: .max) + .nanoseconds(1)).nanoseconds == .max)
        #expect((Instant(nanoseconds: .min) + .nanoseconds(-1)).nanoseconds == .min)
    }

    @Test("the machine's clocks show plausible times and don't go back")
    func system() {
        let first = Clock.system.monotonic()
        #expect(Clock.system.monotonic() >= first)
        #expect(Clock.system.wall() > Timestamp(seconds: 1_700_000_000))
    }
}

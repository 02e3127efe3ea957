import Accounts
import Base
import Testing

@Suite struct TokenBucketTests {
    private static func at(_ seconds: Double) -> Instant {
        Instant(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1_000_000_000))
    }

    @Test(
        "A full bucket holds a minute's requests, and gives back one after the other", arguments: [1, 2, 5, 60, 6000])
    func fills(limit: Int) {
        var bucket = TokenBucket(now: Self.at(0))
        for taken in 1...limit {
            let quota = bucket.take(limit: limit, now: Self.at(0))
            #expect(quota.isAllowed && quota.remaining == limit - taken && quota.retryAfter == nil)
        }
        let step = 60 / Double(limit)
        let refused = bucket.take(limit: limit, now: Self.at(0))
        #expect(!refused.isAllowed && refused.remaining == 0)
        #expect(refused.retryAfter == max(1, Int(step.rounded(.up))) && refused.reset == refused.retryAfter)
        #expect(!bucket.take(limit: limit, now: Self.at(step * 0.99)).isAllowed)
        #expect(bucket.take(limit: limit, now: Self.at(step)).isAllowed)
        #expect(!bucket.take(limit: limit, now: Self.at(step)).isAllowed)
        // Never more than a minute's worth, however long nobody came.
        var later = 0
        while bucket.take(limit: limit, now: Self.at(100_000)).isAllowed { later += 1 }
        #expect(later == limit)
    }

    @Test("In any minute and a half no more pass than the bucket and the time allow")
    func bound() {
        var random = SplitMix(seed: 7)
        for _ in 0..<50 {
            let limit = Int(random.next() % 50) + 1
            var bucket = TokenBucket(now: Self.at(0))
            var (passed, time) = (0, 0.0)
            while time < 90 {
                if bucket.take(limit: limit, now: Self.at(time)).isAllowed { passed += 1 }
                time += Double(random.next() % 1000) / 1000
            }
            #expect(passed <= limit + Int(time / 60 * Double(limit)) + 1)
        }
    }

    @Test("What others took is noted, and never gives anything back")
    func noted() {
        var bucket = TokenBucket(now: Self.at(0))
        bucket.note(untilFull: .seconds(30), now: Self.at(0))
        #expect(bucket.state(limit: 60, now: Self.at(0)).remaining == 30)
        bucket.note(untilFull: .seconds(10), now: Self.at(0))
        #expect(bucket.state(limit: 60, now: Self.at(0)).remaining == 30)
        #expect(bucket.state(limit: 60, now: Self.at(10)).remaining == 40)
        #expect(bucket.state(limit: 60, now: Self.at(0)).reset == 30)
    }
}

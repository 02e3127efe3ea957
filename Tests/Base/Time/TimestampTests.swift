import Base
import Testing

@Suite struct TimestampTests {
    @Test(
        "moments and their texts",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"), (1, "1970-01-01T00:00:00.000001Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"), (1_709_251_199_000_000, "2024-02-29T23:59:59Z"),
            (1_769_850_300_123_456, "2026-01-31T09:05:00.123456Z"), (-2_203_891_200_000_000, "1900-03-01T00:00:00Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func texts(_ sample: (Int64, String)) {
        #expect(Timestamp(microseconds: sample.0).description == sample.1)
        #expect(Timestamp(rfc3339: sample.1) == Timestamp(microseconds: sample.0))
    }

    @Test(
        "other spellings of a moment",
        arguments: [
            ("2026-01-31T09:05:00+00:00", "2026-01-31T09:05:00Z"), ("2026-01-31t09:05:00z", "2026-01-31T09:05:00Z"),
            ("2026-01-31 09:05:00Z", "2026-01-31T09:05:00Z"), ("2026-01-31T09:05:00-00:00", "2026-01-31T09:05:00Z"),
            ("2026-01-31T23:30:00-02:30", "2026-02-01T02:00:00Z"), ("2026-03-01T00:30:00+01", "2026-02-28T23:30:00Z"),
            ("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"),
            ("2026-01-31T09:05:00.5Z", "2026-01-31T09:05:00.500000Z"),
            ("2026-01-31T09:05:00.123456789Z", "2026-01-31T09:05:00.123456Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2026-01-31 09:05:00.1+0530", "2026-01-31T03:35:00.100000Z"),
        ])
    func spellings(_ sample: (String, String)) {
        #expect(Timestamp(rfc3339: sample.0)?.description == sample.1)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01",
            "", "2026", "2026-01-31", "2026-01-31T09:05:00", "2026-01-31T09:05Z", "2026-1-31T09:05:00Z",
            "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+1", "2026-01-01T00:00:00Z ",
            " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00+", "2026-01-01X00:00:00Z",
            "+026-01-01T00:00:00Z", "2026-01-01T00:00:00,5Z", "２026-01-01T00:00:00Z", "2026-01-01T00:00:00Z\u{0}",
        ])
    func refused(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("the days of four hundred years have the dates that follow each other")
    func calendar() throws {
        var moment = try #require(Timestamp(rfc3339: "1800-01-01T00:00:00Z"))
        for year in 1800..<2200 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            for (month, days) in zip(1..., [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                let first = "\(year)-\(month < 10 ? "0" : "")\(month)-01T00:00:00Z"
                #expect(moment.description == first)
                #expect(Timestamp(rfc3339: first) == moment)
                moment = moment.advanced(bySeconds: Int64(days) * 86_400)
            }
        }
    }

    @Test("numbers beyond all moments are cut, not trapped on", arguments: [Int64.min, .max, .min + 1, .max - 1])
    func extremes(_ number: Int64) {
        let moment = Timestamp(seconds: number)
        #expect(moment.microseconds == (number < 0 ? .min : .max))
        #expect(moment.advanced(bySeconds: number) == moment)
        #expect(!moment.description.isEmpty)
        #expect(Timestamp(microseconds: number).seconds == (number < 0 ? -9_223_372_036_855 : 9_223_372_036_854))
    }

    @Test("seconds are rounded down", arguments: [(0, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1)])
    func seconds(_ sample: (Int64, Int64)) {
        #expect(Timestamp(microseconds: sample.0).seconds == sample.1)
    }
}

import Base
import Testing

@testable import Postgres

@Suite("Text form of timestamps")
struct TimestampTextTests {
    private func moment(_ text: String) -> Timestamp? {
        unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe TimestampText.moment($0) }
    }

    @Test(
        "The server's form is read as RFC 3339 is",
        arguments: [
            "1970-01-01 00:00:00+00", "2026-01-31 09:05:00.123456+00", "2026-01-31 09:05:00.1+00",
            "2024-02-29 23:59:59.999999+00", "2000-03-01 00:00:00+00", "1900-02-28 12:00:00.000001+00",
            "0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00", "1969-12-31 23:59:59.5+00",
        ])
    func reads(_ text: String) {
        #expect(moment(text) != nil)
        #expect(moment(text) == Timestamp(rfc3339: text))
    }

    @Test("Every day of four hundred years has its own number")
    func days() throws {
        for days in stride(from: -100_000 as Int64, through: 60_000, by: 7) {
            let expected = Timestamp(seconds: days * 86_400)
            let text = expected.description.replacing("T", with: " ").replacing("Z", with: "+00")
            try #require(moment(text) == expected)
        }
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "infinity", "-infinity", "2026-01-31", "2026-01-31 09:05:00", "2026-01-31T09:05:00+00",
            "2026-01-31 09:05:00Z",
            "2026-01-31 09:05:00+01", "2026-01-31 09:05:00-00", "2026-01-31 09:05:00+00:00", "2026-13-01 00:00:00+00",
            "2026-00-01 00:00:00+00", "2026-01-00 00:00:00+00", "2026-01-32 00:00:00+00", "2026-01-31 24:00:00+00",
            "2026-01-31 00:60:00+00", "2026-01-31 00:00:60+00", "2026-01-31 00:00:00.+00",
            "2026-01-31 00:00:00.1234567+00",
            "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC", "2026-01-31 09:05:00.123456",
            "2026-01-31 0x:05:00+00",
            "31.01.2026 09:05:00 UTC", "0000-01-01 00:00:00+00",
        ])
    func refuses(_ text: String) {
        #expect(moment(text) == nil)
    }
}

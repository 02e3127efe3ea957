import Support
import Testing

@testable import Base

@Suite struct LoggerTests {
    static func line(
        _ format: LogFormat, _ level: LogLevel = .info, _ event: StaticString = "done", _ fields: [LogField]
    ) -> String {
        let time = Timestamp(microseconds: 1_769_850_300_123_456)
        return String(
            decoding: LogLine.make(format, time: time, level: level, event: event, fields: fields), as: UTF8.self)
    }

    @Test("a line of each form")
    func forms() throws {
        let id = try #require(EntityID("0190163d-8694-739b-aea5-966c26f8ad91"))
        let fields: [LogField] = [
            .text("route", "/a b"), .number("status", 200), .flag("cached", true), .id("user_id", id),
        ]
        #expect(
            Self.line(.json, fields: fields)
                == #"{"time":"2026-01-31T09:05:00.123456Z","level":"info","event":"done","route":"/a b","status":200,"#
                + #""cached":true,"user_id":"0190163d-8694-739b-aea5-966c26f8ad91"}"# + "\n")
        #expect(
            Self.line(.text, .error, fields: fields)
                == #"2026-01-31T09:05:00.123456Z ERROR done route="/a b" status=200 cached=true "#
                + "user_id=0190163d-8694-739b-aea5-966c26f8ad91\n")
    }

    static func line(_ format: LogFormat, _ level: LogLevel = .info, fields: [LogField]) -> String {
        line(format, level, "done", fields)
    }

    @Test("nothing of a field's text begins a line or commands a terminal", arguments: LogFormat.allCases)
    func injection(_ format: LogFormat) {
        let text = "a\nb\r\nc\u{1B}[2Jd\u{0}e\u{7F}\"f\\"
        let line = Self.line(format, fields: [.text("x", text)])
        #expect(line.utf8.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(line.utf8.last == 0x0A)
    }

    @Test("a terminal doesn't see C1 controls, line separators and reversed text")
    func terminal() {
        let line = Self.line(.text, fields: [.text("x", "a\u{9B}b\u{2028}c\u{202E}dé")])
        #expect(line.hasSuffix("x=\"a\u{FFFD}b\u{FFFD}c\u{FFFD}dé\"\n"))
    }

    @Test(
        "an e-mail is cut",
        arguments: [
            ("ada.lovelace@example.com", "ada***@example.com"), ("ab@x.de", "ab***@x.de"), ("@x.de", "***@x.de"),
            ("a@b@c", "a@b***@c"), ("no address", "***"), ("", "***"),
        ])
    func email(_ sample: (String, String)) {
        #expect(Self.line(.json, fields: [.email("email", sample.0)]).contains(#""email":"\#(sample.1)""#))
    }

    @Test("a level lets itself and the higher ones through, and the fields of others are never made")
    func levels() {
        for level in LogLevel.allCases {
            let lines = Shared<[String]>([])
            let logger = Logger.capturing(level: level) { line in lines.change { $0.append(line) } }
            let made = Shared(0)
            let field = { () -> [LogField] in
                made.change { $0 += 1 }
                return []
            }
            logger.debug("debug", field())
            logger.info("info", field())
            logger.warning("warning", field())
            logger.error("error", field())
            let expected = LogLevel.allCases.filter { $0 >= level }
            #expect(lines.value.count == expected.count && made.value == expected.count)
            #expect(zip(lines.value, expected).allSatisfy { $0.contains("\"level\":\"\($1.rawValue)\"") })
            #expect(LogLevel.allCases.filter(logger.writes) == expected)
        }
    }
}

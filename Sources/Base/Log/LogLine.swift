/// Puts a line together.
struct LogLine {
    private(set) var bytes: [UInt8] = []
    private let format: LogFormat

    static func make(
        _ format: LogFormat, time: Timestamp, level: LogLevel, event: StaticString, fields: [LogField]
    ) -> [UInt8] {
        var line = LogLine(format: format)
        switch format {
        case .json: line.json(time, level, event, fields)
        case .text: line.text(time, level, event, fields)
        }
        line.bytes.append(0x0A)
        return line.bytes
    }

    private init(format: LogFormat) {
        self.format = format
        bytes.reserveCapacity(256)
    }

    private mutating func json(_ time: Timestamp, _ level: LogLevel, _ event: StaticString, _ fields: [LogField]) {
        bytes = JSONWriter.object { writer in
            writer.member("time", time)
            writer.member("level", level.rawValue)
            writer.member("event", "\(event)")
            for field in fields {
                writer.key("\(field.name)")
                switch field.value {
                case .text(let text): writer.value(text)
                case .number(let number): writer.value(number)
                case .flag(let flag): writer.value(flag)
                }
            }
        }
    }

    private mutating func text(_ time: Timestamp, _ level: LogLevel, _ event: StaticString, _ fields: [LogField]) {
        bytes.append(contentsOf: "\(time) \(level.rawValue.uppercased()) \(event)".utf8)
        for field in fields {
            bytes.append(contentsOf: " \(field.name)=".utf8)
            switch field.value {
            case .text(let text): bytes.append(contentsOf: Self.quoted(text).utf8)
            case .number(let number): bytes.append(contentsOf: String(number).utf8)
            case .flag(let flag): bytes.append(contentsOf: String(flag).utf8)
            }
        }
    }

    /// Quoted where it would otherwise not be one word; what a terminal takes for an order never comes through.
    private static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
        if plain, !text.isEmpty { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where !scalar.isASCII, .format, .lineSeparator, .paragraphSeparator:
                safe += "\u{FFFD}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return String(decoding: JSONWriter.make { $0.value(safe) }, as: UTF8.self)
    }
}

internal import Base

/// `vestibule reference`: the keys of the configuration and the codes of refusals, for docs/reference.
enum ReferenceCommand: Command {
    static let name = "reference"
    static let summary = "every configuration key and error code, as JSON"

    static func run(_ arguments: [String]) throws -> ExitCode {
        guard try Arguments(arguments, valued: ["config"]).words.isEmpty else {
            throw UsageError("reference takes no further word")
        }
        let text = JSONWriter.object { json in
            json.key("version")
            json.value(Vestibule.version)
            json.key("configuration")
            json.beginArray()
            for key in ConfigurationKeys.all { write(key, &json) }
            json.endArray()
            json.key("errors")
            json.beginArray()
            for code in ErrorCode.allCases { write(code, &json) }
            json.endArray()
        }
        Console.say(String(decoding: text, as: UTF8.self))
        return .done
    }

    private static func write(_ key: ConfigurationKey, _ json: inout JSONWriter) {
        json.beginObject()
        let members = [
            ("name", key.name), ("file_name", key.fileName), ("meaning", key.meaning), ("default", key.defaultText),
        ]
        for (name, value) in members {
            guard let value else { continue }
            json.key(name)
            json.value(value)
        }
        json.key("secret")
        json.value(key.isSecret)
        json.endObject()
    }

    private static func write(_ code: ErrorCode, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("code")
        json.value(code.rawValue)
        json.key("status")
        json.value(code.status)
        json.key("meaning")
        json.value(code.meaning)
        json.endObject()
    }
}

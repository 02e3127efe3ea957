#if DEBUG || FUZZING

    internal import Accounts

    @testable import Base

    /// Times, durations and encodings: what is written again reads the same.
    enum ValueChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 2000 else { return }
            if let bytes = Base64.decode(input) {
                precondition(Array(Base64.encode(bytes).utf8) == input, "base64 has two spellings")
            }
            if let bytes = Base64URL.decode(input) {
                precondition(Array(Base64URL.encode(bytes).utf8) == input, "base64url has two spellings")
            }
            if let text = PercentEncoding.decode(input.span) {
                precondition(
                    PercentEncoding.decode(Array(PercentEncoding.component(text).utf8).span) == text, "percent")
            }
            guard let text = String(validating: input, as: UTF8.self) else { return }
            if let time = Timestamp(rfc3339: text) {
                precondition(Timestamp(rfc3339: time.description) == time, "time")
            }
            if let seconds = DurationText.seconds(text) {
                precondition((0...DurationText.longest).contains(seconds), "duration")
            }
            if let id = EntityID(text) { precondition(EntityID(id.description) == id, "id") }
            if let permission = Permission(text) {
                precondition(Permission("\(permission)") == permission, "permission")
            }
            if let bytes = Hex.decode(text) { precondition(Hex.encode(bytes) == text.lowercased(), "hex") }
            _ = APIKeyText(text)
        }
    }

#endif

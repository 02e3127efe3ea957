import Support
import Testing

@testable import Base

private let sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

@Suite("A place in a trace")
struct TraceContextTests {
    static func read(_ text: String) -> TraceContext? { TraceContext(traceparent: text.utf8.span) }

    @Test("is read and written", arguments: ["00", "01"])
    func isRead(_ flags: String) throws {
        let text = sound.dropLast(2) + flags
        let context = try #require(Self.read(String(text)))
        #expect(context.traceID.description == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.spanID == 0x00F0_67AA_0BA9_02B7)
        #expect(context.isSampled == (flags == "01"))
        #expect(context.traceparent == text)
    }

    @Test(
        "of a later version is read by its first four parts, and written as ours",
        arguments: [
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-brings",
        ])
    func later(_ text: String) {
        #expect(Self.read(text)?.traceparent == sound)
    }

    @Test(
        "that is not as it should be is none",
        arguments: [
            "", "00", String(sound.dropLast()), sound + "-", sound + " ", " " + sound,
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47360-0f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-010",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        ])
    func refused(_ text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test("hands the state of others on, within its limit")
    func state() {
        let longest = String(repeating: "a", count: TraceContext.longestState)
        #expect(TraceContext.state(["a=1", "b=2"]) == "a=1,b=2")
        #expect(TraceContext.state([longest]) == longest)
        #expect(TraceContext.state([longest + "a"]) == nil)
        #expect(TraceContext.state([]) == nil)
        #expect(TraceContext.state(["a=\u{e9}"]) == nil)
        #expect(TraceContext.state(["a=\u{1}"]) == nil)
    }
}

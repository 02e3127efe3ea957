#if DEBUG || FUZZING

    internal import Base

    /// The JSON reader against jansson: both read the same from a text, or both refuse it.
    enum JSONChecks {
        private static let limits = JSONLimits(depth: 64)

        static func check(_ input: [UInt8]) {
            // A NUL behind a number or a word is skipped by jansson; RFC 8259 §2 knows no such white space. And
            // jansson's limit of depth is another.
            guard input.count < 4096, !input.contains(0), input.count(where: { $0 == 0x5B || $0 == 0x7B }) < 64 else {
                return
            }
            let ours = try? JSON.parse(input, limits: limits)
            let theirs = Jansson(input)
            guard let ours else { return precondition(theirs == nil, "only jansson reads it") }
            guard let theirs else { return precondition(ours.isBeyondJansson, "only we read it") }
            precondition(theirs.equals(ours), "another value")
            // What is written again reads the same.
            precondition((try? JSON.parse(ours.source, limits: limits)) == ours, "its own text reads differently")
        }
    }

#endif

#if DEBUG || FUZZING

    @testable import Base

    /// `traceparent` and, behind a line feed, `tracestate`.
    enum TraceChecks {
        static func check(_ input: [UInt8]) {
            let parts = input.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, let state = TraceContext.state([String(decoding: parts[1], as: UTF8.self)]) {
                precondition(state.utf8.count <= TraceContext.longestState, "too long")
                precondition(state.utf8.allSatisfy { $0 == 9 || (0x20...0x7E).contains($0) }, "bytes")
            }
            guard let first = parts.first, let context = TraceContext(traceparent: Array(first).span) else { return }
            let text = Array(context.traceparent.utf8)
            // Version and flags are ours; the rest is what came.
            precondition(
                text.count == 55 && first.count >= 55 && text[2..<52].elementsEqual(first.dropFirst(2).prefix(50)))
            precondition(TraceContext(traceparent: text.span) == context, "its own text reads otherwise")
            precondition(context.spanID != 0 && !context.traceID.description.allSatisfy { $0 == "0" }, "zeros")
            precondition(
                !first.starts(with: "ff".utf8) && (first.count == 55 || !first.starts(with: "00".utf8)), "version")
        }
    }

#endif

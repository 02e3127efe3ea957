internal import Base

/// Spans as OTLP's JSON (opentelemetry-proto 1.x): ids in hexadecimal digits, 64-bit numbers as texts.
enum TraceDocument {
    static func make(_ spans: [TraceSpan], resource: [(name: String, value: String)], version: String) -> [UInt8] {
        JSONWriter.object { json in
            json.array("resourceSpans", of: [spans]) { json, spans in
                json.object("resource") { json in
                    json.array("attributes", of: resource) { $0.attribute($1.name, .text($1.value)) }
                }
                json.array("scopeSpans", of: [spans]) { json, spans in
                    json.object("scope") {
                        $0.member("name", "vestibule")
                        $0.member("version", version)
                    }
                    json.array("spans", of: spans) { $0.span($1) }
                }
            }
        }
    }

    /// How many spans the collector says it has not taken (`ExportTraceServiceResponse`).
    static func rejected(_ answer: [UInt8]) -> Int {
        let count = (try? JSON.parse(answer))?["partialSuccess"]?["rejectedSpans"]
        return max(0, count?.string.flatMap { Int($0) } ?? count?.int.map { Int(clamping: $0) } ?? 0)
    }
}

extension JSONWriter {
    fileprivate mutating func span(_ span: TraceSpan) {
        member("traceId", span.context.traceID.description)
        member("spanId", Hex.word(span.context.spanID))
        memberIfPresent("traceState", span.context.state)
        if span.parent != 0 { member("parentSpanId", Hex.word(span.parent)) }
        member("flags", 1)
        member("name", span.name)
        member("kind", span.kind.rawValue)
        let start = span.start.microseconds * 1000
        member("startTimeUnixNano", String(start))
        member("endTimeUnixNano", String(start + max(0, span.duration.nanoseconds)))
        array("attributes", of: span.attributes) { $0.attribute($1.name, $1.value) }
        // STATUS_CODE_ERROR; left unset otherwise, as the conventions want it.
        object("status") { if span.isError { $0.member("code", 2) } }
    }

    fileprivate mutating func attribute(_ name: String, _ value: TraceSpan.Value) {
        member("key", name)
        object("value") { json in
            switch value {
            case .text(let text): json.member("stringValue", text)
            case .number(let number): json.member("intValue", String(number))
            }
        }
    }
}

internal import Base
internal import Outbound

extension Configuration {
    /// How traces are taken and where they go.
    struct Traces: Sendable {
        var sampler: TraceSampler
        var queue: Int
        var export: TraceExport
    }

    mutating func takeTraces(_ fields: inout ConfigurationFields) {
        // Checked also where no collector is named: what is wrong shows before it is needed.
        let whole = fields.collector("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", adding: "")
        let base = fields.collector("OTEL_EXPORTER_OTLP_ENDPOINT", adding: "v1/traces")
        if fields.text("OTEL_EXPORTER_OTLP_PROTOCOL") != "http/json" {
            fields.problems.add(
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "must be http/json; collectors take it on the port of http/protobuf, 4318 by default")
        }
        let headers = fields.pairs("OTEL_EXPORTER_OTLP_HEADERS")
        if !headers.allSatisfy({ FetchRequest.isSendable($0.name, $0.value) }) {
            fields.problems.add("OTEL_EXPORTER_OTLP_HEADERS", "holds a character that no header field may have")
        }
        let timeout = fields.integer("OTEL_EXPORTER_OTLP_TIMEOUT", 1...60_000)
        let attributes = fields.pairs("OTEL_RESOURCE_ATTRIBUTES").filter { $0.name != "service.name" }
        let delay = fields.integer("OTEL_BSP_SCHEDULE_DELAY", 1...3_600_000)
        let queue = Int(fields.integer("OTEL_BSP_MAX_QUEUE_SIZE", 1...1_000_000))
        let sampler = fields.sampler("OTEL_TRACES_SAMPLER", argument: "OTEL_TRACES_SAMPLER_ARG")
        guard let url = whole ?? base else { return }
        let service = ("service.name", fields.text("OTEL_SERVICE_NAME") ?? "vestibule")
        let resource = [
            service, ("service.version", Vestibule.version), ("deployment.environment.name", environment),
        ]
        let named = Set(attributes.map(\.name))
        traces = Traces(
            sampler: sampler, queue: queue,
            export: TraceExport(
                url: url, fields: headers.map { ($0.name, Secret($0.value)) },
                caFile: fields.text("OTEL_EXPORTER_OTLP_CERTIFICATE"),
                timeout: .milliseconds(timeout), delay: .milliseconds(delay),
                resource: resource.filter { !named.contains($0.0) } + attributes))
    }
}

extension ConfigurationFields {
    fileprivate mutating func collector(_ name: String, adding path: String) -> WebURL? {
        guard let text = text(name) else { return nil }
        let slash = path.isEmpty || text.hasSuffix("/") ? "" : "/"
        if let url = WebURL(text + slash + path) { return url }
        problems.add(name, "is no URL; write http://host:4318 or https://host")
        return nil
    }

    /// `name=value`, comma separated, both percent-encoded (W3C Baggage, as OpenTelemetry wants it).
    fileprivate mutating func pairs(_ name: String) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for part in list(name) {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let key = decoded(halves[0]), !key.isEmpty, let value = decoded(halves[1]) else {
                problems.add(name, "must be name=value, comma separated and percent-encoded")
                return []
            }
            pairs.append((key, value))
        }
        return pairs
    }

    private func decoded(_ text: Substring) -> String? {
        PercentEncoding.decode(Array(text.trimmed.utf8).span)
    }

    fileprivate mutating func sampler(_ name: String, argument: String) -> TraceSampler {
        let prefix = "parentbased_"
        let text = text(name) ?? "parentbased_always_on"
        let isParentBased = text.hasPrefix(prefix)
        var ratio = 0.0
        if let share = self.text(argument).flatMap(Double.init), (0...1).contains(share) {
            ratio = share
        } else {
            problems.add(argument, "must be a number from 0 to 1")
        }
        switch isParentBased ? String(text.dropFirst(prefix.count)) : text {
        case "always_on": ratio = 1
        case "always_off": ratio = 0
        case "traceidratio": break
        default:
            problems.add(
                name, "must be always_on, always_off or traceidratio, or one of them with parentbased_ before it")
        }
        return TraceSampler(ratio: ratio, followsCaller: isParentBased)
    }
}

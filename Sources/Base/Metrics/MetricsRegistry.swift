internal import Synchronization

/// The service's metrics, rendered in the Prometheus text format 0.0.4.
///
/// Handles are made at start and kept; asking again for the same name and labels gives the same handle.
public final class MetricsRegistry: Sendable {
    private enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case computed(@Sendable () -> Double)
        case histogram(Histogram)
    }

    private struct Family: Sendable {
        let type: String
        let help: String
        var series: [(labels: String, value: Series)] = []
    }

    private let families = Mutex<[String: Family]>([:])

    /// An empty registry.
    public init() {}

    /// A counter; by convention its name ends in `_total`.
    public func counter(_ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:]) -> Counter {
        let made = register(name, "counter", help, labels) { .counter(Counter()) }
        guard case .counter(let counter) = made else { return Counter() }
        return counter
    }

    /// A gauge.
    public func gauge(_ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:]) -> Gauge {
        let made = register(name, "gauge", help, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = made else { return Gauge() }
        return gauge
    }

    /// A gauge (or counter) whose value is asked for when it is rendered.
    public func computed(
        _ name: String, _ help: String, type: String = "gauge", labels: KeyValuePairs<String, String> = [:],
        _ value: @escaping @Sendable () -> Double
    ) {
        _ = register(name, type, help, labels) { .computed(value) }
    }

    /// A histogram with these upper bounds, ascending.
    public func histogram(
        _ name: String, _ help: String, bounds: [Double], labels: KeyValuePairs<String, String> = [:]
    ) -> Histogram {
        let made = register(name, "histogram", help, labels) { .histogram(Histogram(bounds: bounds)) }
        guard case .histogram(let histogram) = made else { return Histogram(bounds: bounds) }
        return histogram
    }

    private func register(
        _ name: String, _ type: String, _ help: String, _ labels: KeyValuePairs<String, String>, _ make: () -> Series
    ) -> Series {
        let text = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        return families.withLock { families in
            var family = families[name] ?? Family(type: type, help: help)
            if let known = family.series.first(where: { $0.labels == text }) { return known.value }
            let made = make()
            family.series.append((text, made))
            families[name] = family
            return made
        }
    }

    private static func escaped(_ value: String) -> String {
        // By scalars: as a Character a line feed behind a carriage return is none.
        value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// What the counters and gauges of the given families are now, by family and labels.
    public func values(of names: [String]) -> [MetricKey: Double] {
        let families = families.withLock { $0 }
        var values: [MetricKey: Double] = [:]
        for name in names {
            for (labels, series) in families[name]?.series ?? [] {
                let key = MetricKey(name: name, labels: labels)
                switch series {
                case .counter(let counter): values[key] = Double(counter.value)
                case .gauge(let gauge): values[key] = Double(gauge.value)
                case .computed(let value): values[key] = value()
                case .histogram: break
                }
            }
        }
        return values
    }

    /// All metrics as text.
    public func render() -> [UInt8] {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.type)\n"
            for (labels, series) in family.series {
                switch series {
                case .counter(let counter): text += line(name, labels, "\(counter.value)")
                case .gauge(let gauge): text += line(name, labels, "\(gauge.value)")
                case .computed(let value): text += line(name, labels, number(value()))
                case .histogram(let histogram): text += lines(name, labels, histogram)
                }
            }
        }
        return Array(text.utf8)
    }

    private func lines(_ name: String, _ labels: String, _ histogram: Histogram) -> String {
        let (counts, sum) = histogram.snapshot
        let prefix = labels.isEmpty ? "" : labels + ","
        var text = ""
        var below = 0
        for (index, count) in counts.enumerated() {
            below += count
            let bound = index < histogram.bounds.count ? number(histogram.bounds[index]) : "+Inf"
            text += line("\(name)_bucket", "\(prefix)le=\"\(bound)\"", "\(below)")
        }
        return text + line("\(name)_sum", labels, number(sum)) + line("\(name)_count", labels, "\(below)")
    }

    private func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}

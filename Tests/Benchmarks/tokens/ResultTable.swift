import Glibc

/// The figures of a run with their limits.
struct ResultTable {
    private var lines: [String] = []
    private var missed: [String] = []

    /// A ratio of two times.
    mutating func add(_ name: String, _ ours: Double, _ reference: Double, _ limit: Double) {
        let words = "\(fixed(ours)) µs / \(fixed(reference)) µs = \(fixed(ours / reference))"
        note(name, words, isMissed: ours / reference > limit, limit)
    }

    /// A figure of its own.
    mutating func add(_ name: String, _ value: Double, _ unit: String, limit: Double? = nil) {
        note(name, "\(fixed(value)) \(unit)", isMissed: limit.map { value > $0 } ?? false, limit)
    }

    func print() {
        for line in lines { Swift.print(line) }
    }

    func exitIfMissed() {
        guard !missed.isEmpty else { return }
        Swift.print("missed: \(missed.joined(separator: "; "))")
        exit(1)
    }

    private mutating func note(_ name: String, _ words: String, isMissed: Bool, _ limit: Double?) {
        let end = limit.map { "   limit \(fixed($0))" } ?? ""
        let padding = String(repeating: " ", count: max(0, 48 - name.count))
        lines.append(name + padding + words + end)
        if isMissed { missed.append(name) }
    }

    private func fixed(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

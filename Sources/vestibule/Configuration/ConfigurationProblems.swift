/// All that is wrong with a configuration: one sentence each, that names the key and how to mend it.
struct ConfigurationProblems: Error {
    private(set) var sentences: [String] = []

    var isEmpty: Bool { sentences.isEmpty }

    mutating func add(_ key: String, _ problem: String) {
        sentences.append("\(key): \(problem)")
    }
}

/// The words of a command line: flags with their values, and the rest in order.
struct Arguments {
    private(set) var words: [String] = []
    /// The last value of each flag.
    private(set) var flags: [String: String] = [:]
    private var all: [String: [String]] = [:]

    /// Splits a command line.
    ///
    /// - Parameters:
    ///   - valued: names of flags that take a value, as `--name value` or `--name=value`.
    ///   - plain: names of flags that take none.
    /// - Throws: ``UsageError`` for an unknown flag or a missing value.
    init(_ arguments: some Sequence<String>, valued: [String], plain: [String] = []) throws(UsageError) {
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            guard argument.hasPrefix("--"), argument.count > 2 else {
                words.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if plain.contains(name), parts.count == 1 {
                flags[name] = "true"
            } else if valued.contains(name) {
                guard let value = parts.count == 2 ? String(parts[1]) : iterator.next(), !value.isEmpty else {
                    throw UsageError("--\(name) needs a value")
                }
                flags[name] = value
                all[name, default: []].append(value)
            } else {
                let hint = Suggestion.nearest(to: name, among: valued + plain)
                throw UsageError("--\(name) is no known flag" + (hint.map { "; did you mean --\($0)?" } ?? ""))
            }
        }
    }

    /// Every value of a flag that may be given several times.
    func values(_ flag: String) -> [String] { all[flag] ?? [] }
}

/// A command line that can't be carried out: one sentence that names the word and how to mend it.
struct UsageError: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

internal import Base

/// How far an import is, as a line of text.
public struct ImportProgress: Sendable, Equatable {
    /// What came of the lines, those of earlier starts of the run included.
    public var counts: ImportCounts
    /// Lines of earlier starts of the run.
    public var earlierLines: Int
    /// Bytes of the file that are read.
    public var bytes: Int
    /// Bytes of the file up to where this start began to write.
    public var earlierBytes: Int
    /// Bytes of the file.
    public var size: Int
    /// Since this start began to write.
    public var elapsed: Duration

    /// Describes progress.
    public init(
        counts: ImportCounts = ImportCounts(), earlierLines: Int = 0, bytes: Int = 0, earlierBytes: Int = 0, size: Int,
        elapsed: Duration = .zero
    ) {
        self.counts = counts
        self.earlierLines = earlierLines
        self.bytes = bytes
        self.earlierBytes = earlierBytes
        self.size = size
        self.elapsed = elapsed
    }

    /// Lines a second of this start.
    public var rate: Double {
        let seconds = elapsed / .seconds(1)
        return seconds > 0 ? Double(counts.lines - earlierLines) / seconds : 0
    }

    /// How long the rest takes at the pace so far; nil while there is no pace.
    public var timeLeft: Duration? {
        guard bytes > earlierBytes, elapsed > .zero else { return nil }
        return elapsed * (Double(size - bytes) / Double(bytes - earlierBytes))
    }

    /// Whole percents of the file.
    public var percent: Int { size == 0 ? 100 : min(100, bytes * 100 / size) }

    /// For a program or a file: `42 %, 420 000 lines, 25 312 a second, 23 s left, 3 refused`.
    public var line: String {
        var parts = ["\(percent) %", "\(Self.grouped(counts.lines)) lines", "\(Self.grouped(Int(rate))) a second"]
        if let timeLeft { parts.append("\(Self.clock(timeLeft)) left") }
        if counts.refused > 0 { parts.append("\(Self.grouped(counts.refused)) refused") }
        return parts.joined(separator: ", ")
    }

    /// For a terminal: the same behind a bar of so many cells.
    public func bar(cells: Int = 30) -> String {
        let full = percent * cells / 100
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "] " + line
    }

    /// A number in groups of three digits.
    public static func grouped(_ number: Int) -> String {
        var groups: [String] = []
        var rest = String(number)
        while rest.count > 3 {
            groups.insert(String(rest.suffix(3)), at: 0)
            rest.removeLast(3)
        }
        return ([rest] + groups).joined(separator: " ")
    }

    private static func clock(_ duration: Duration) -> String {
        let seconds = max(0, Int((duration / .seconds(1)).rounded(.up)))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}

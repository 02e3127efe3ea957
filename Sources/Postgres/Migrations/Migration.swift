/// One step of the schema, as its files say it.
public struct Migration: Sendable, Equatable {
    /// Fourteen digits, `YYYYMMDDhhmmss`; the order in which migrations are applied.
    public let version: String
    /// The rest of the file's name, without `.sql`.
    public let name: String
    /// The SQL that applies it.
    public let up: String
    /// The SQL that takes it back; nil when there is none.
    public let down: String?

    /// Whether it is done in one transaction: all but a file whose first line is `-- outside a transaction`, which
    /// holds a single statement that can't be in one, such as `CREATE INDEX CONCURRENTLY IF NOT EXISTS`.
    public var isTransaction: Bool { Self.isTransaction(up) }

    static func isTransaction(_ text: String) -> Bool {
        !text.hasPrefix("-- outside a transaction\n")
    }

    /// The file's name.
    public var file: String { "\(version)_\(name).sql" }

    /// A migration from its file's name and texts; nil when the name is not `YYYYMMDDhhmmss_name.sql` with a name of
    /// lower-case letters, digits and underscores.
    public init?(file: String, up: String, down: String?) {
        guard file.hasSuffix(".sql") else { return nil }
        let parts = file.dropLast(4).split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 14, parts[0].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            !parts[1].isEmpty,
            parts[1].utf8.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5f })
        else { return nil }
        version = String(parts[0])
        name = String(parts[1])
        self.up = up
        self.down = down
    }
}

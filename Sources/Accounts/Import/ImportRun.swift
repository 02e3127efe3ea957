public import Base

/// A run over a file, as the database knows it.
public struct ImportRun: Sendable, Equatable {
    /// Its id.
    public let id: EntityID
    /// The lines that earlier starts of the run have committed, in order.
    public let done: [ClosedRange<Int>]
    /// What came of them.
    public let counts: ImportCounts

    /// Describes a run.
    public init(id: EntityID, done: [ClosedRange<Int>], counts: ImportCounts) {
        self.id = id
        self.done = done
        self.counts = counts
    }
}

/// What came of lines.
public struct ImportCounts: Sendable, Equatable {
    /// People who were new.
    public var created: Int
    /// People who were there already and joined an org, or got their identity.
    public var joined: Int
    /// People for whom nothing was left to do.
    public var unchanged: Int
    /// Lines that were refused.
    public var refused: Int

    /// Counts.
    public init(created: Int = 0, joined: Int = 0, unchanged: Int = 0, refused: Int = 0) {
        self.created = created
        self.joined = joined
        self.unchanged = unchanged
        self.refused = refused
    }

    /// All lines.
    public var lines: Int { created + joined + unchanged + refused }

    /// Adds the other's.
    public static func += (left: inout ImportCounts, right: ImportCounts) {
        left.created += right.created
        left.joined += right.joined
        left.unchanged += right.unchanged
        left.refused += right.refused
    }
}

/// The file of a run, and whose people it holds.
public struct ImportSource: Sendable {
    /// Tells the file from others by what is in it.
    public let fingerprint: String
    /// What the file is called, without its folder.
    public let name: String
    /// The provider and the issuer that the subjects are of.
    public let provider: ProviderConfiguration

    /// Names a file.
    public init(fingerprint: String, name: String, provider: ProviderConfiguration) {
        self.fingerprint = fingerprint
        self.name = name
        self.provider = provider
    }
}

/// A refused line as it is reported.
public struct ImportRefusedLine: Sendable, Equatable {
    /// The line's number.
    public let line: Int
    /// The machine code.
    public let reason: String
    /// A sentence.
    public let detail: String

    /// Describes it; without a detail the reason's own sentence.
    public init(line: Int, reason: String, detail: String?) {
        self.line = line
        self.reason = reason
        self.detail = detail ?? ImportRefusal.Reason(rawValue: reason)?.sentence ?? reason
    }

    /// As a line of a report.
    public var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("line", line)
            writer.member("reason", reason)
            writer.member("detail", detail)
        }
    }
}

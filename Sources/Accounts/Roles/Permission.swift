/// One permission: `resource:action[:scope]` or `module:resource:action`, of two to four segments.
///
/// A segment that is `*` stands for any one segment; it never stands for several, so that
/// `accounts:*` says nothing about `accounts:invoices:read`.
public struct Permission: Hashable, Sendable, CustomStringConvertible {
    /// The longest text that is taken, in bytes.
    public static let maximumLength = 200

    /// The permission as written.
    public let description: String
    /// Its segments, `*` included.
    let segments: [Substring]

    /// Reads a permission.
    ///
    /// - Returns: nil unless there are two to four segments of 1 or more of `A–Z a–z 0–9 _ - .`, or exactly `*`.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let segments = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...4).contains(segments.count), segments.allSatisfy(Self.isSegment) else { return nil }
        description = text
        self.segments = segments
    }

    /// Whether any segment is `*`.
    public var hasWildcard: Bool {
        segments.contains("*")
    }

    /// Whether holding this permission grants the other one.
    public func grants(_ other: Permission) -> Bool {
        guard segments.count == other.segments.count else { return false }
        return zip(segments, other.segments).allSatisfy { own, asked in own == "*" || own == asked }
    }

    /// Two permissions are the same when they are written the same.
    public static func == (left: Permission, right: Permission) -> Bool {
        left.description == right.description
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }

    private static func isSegment(_ segment: Substring) -> Bool {
        if segment == "*" { return true }
        return !segment.isEmpty
            && segment.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

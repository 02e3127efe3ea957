internal import Accounts

/// The requests that one rule is about, as patterns of `verb/path`.
struct AWSPolicyArea {
    let isAllowed: Bool
    /// Together they match everything that the rule matches.
    let patterns: [String]
    /// What they match besides: one segment's `*` also matches several.
    let excess: [String]

    /// Nil where a pattern would be read otherwise than the rule: special characters, or escapes that can be spelled
    /// in two ways.
    init?(_ reach: RouteReach) {
        var paths = [""]
        var excess: [String] = []
        for segment in reach.segments {
            switch segment {
            case .literal(let text):
                guard ARNPattern.isLiteral(text), !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
                paths = paths.map { "\($0)/\(text)" }
                excess = excess.map { "\($0)/\(text)" }
            case .any:
                excess = excess.map { "\($0)/?*" } + paths.map { "\($0)/?*/?*" }
                paths = paths.map { "\($0)/?*" }
            case .rest: break
            }
        }
        // A slash at the end makes no other path.
        let isOpen = reach.segments.last == .rest
        paths = paths.flatMap { $0.isEmpty ? [isOpen ? "/*" : "/"] : isOpen ? [$0, "\($0)/*"] : [$0, "\($0)/"] }
        excess = isOpen ? excess.flatMap { [$0, "\($0)/*"] } : excess.flatMap { [$0, "\($0)/"] }
        let verbs = reach.methods ?? ["*"]
        isAllowed = reach.isAllowed
        patterns = verbs.flatMap { verb in paths.map { verb + $0 } }
        self.excess = verbs.flatMap { verb in excess.map { verb + $0 } }
    }

    /// Whether some request may be in both.
    func meets(_ other: AWSPolicyArea) -> Bool {
        Self.meet(patterns, other.patterns)
    }

    /// Whether what the patterns match besides may be in the other.
    func exceedsInto(_ other: AWSPolicyArea) -> Bool {
        Self.meet(excess, other.patterns)
    }

    private static func meet(_ left: [String], _ right: [String]) -> Bool {
        left.contains { one in right.contains { ARNPattern.intersect(one, $0) } }
    }
}

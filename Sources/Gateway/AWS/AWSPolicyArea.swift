internal import Accounts

/// Requests by method and pattern of their path.
struct AWSPolicyPiece: Equatable {
    /// nil: any.
    let methods: [String]?
    /// With its slash.
    let path: String

    /// Every path.
    static let everything = AWSPolicyPiece(methods: nil, path: "/*")

    /// Whether some request may be in both.
    func meets(_ other: AWSPolicyPiece) -> Bool {
        if let methods, let others = other.methods, !methods.contains(where: others.contains) { return false }
        return ARNPattern.intersect(path, other.path)
    }

    /// The patterns behind the stage. A star in the method's place would also match a method with the start of a path;
    /// these match the gateway's seven methods and nothing longer.
    var patterns: [String] {
        if self == .everything { return ["*/*"] }
        return (methods ?? ["???", "????", "PATCH", "DELETE", "OPTIONS"]).map { $0 + path }
    }
}

/// The requests that one rule is about.
struct AWSPolicyArea {
    let isAllowed: Bool
    /// Together they match everything that the rule matches.
    let pieces: [AWSPolicyPiece]
    /// What they match besides: one segment's star also matches several.
    let excess: [AWSPolicyPiece]

    /// Nil where a pattern would be read otherwise than the rule: special characters, or escapes that can be spelled
    /// in two ways.
    init?(_ reach: RouteReach) {
        var path = ""
        var excess: [String] = []
        for segment in reach.segments {
            switch segment {
            case .literal(let text):
                guard ARNPattern.isLiteral(text), !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
                path += "/\(text)"
                excess = excess.map { "\($0)/\(text)" }
            case .any:
                excess = excess.map { "\($0)/?*" } + ["\(path)/?*/?*"]
                path += "/?*"
            case .rest: break
            }
        }
        // A slash at the end makes no other path.
        let end = reach.segments.last == .rest ? "/*" : "/"
        let paths = path.isEmpty ? [end] : [path, path + end]
        isAllowed = reach.isAllowed
        pieces = paths.map { AWSPolicyPiece(methods: reach.methods, path: $0) }
        // With all that follows, what is more than one segment is matched anyway where only the last one is a star.
        self.excess = excess.flatMap { [$0, $0 + end] }.map { AWSPolicyPiece(methods: reach.methods, path: $0) }
    }

    /// Whether some request may be in both.
    func meets(_ other: AWSPolicyArea) -> Bool {
        pieces.contains { piece in other.pieces.contains(where: piece.meets) }
    }

    /// Whether what the pieces match besides may be in the other.
    func exceedsInto(_ other: AWSPolicyArea) -> Bool {
        excess.contains { piece in other.pieces.contains(where: piece.meets) }
    }
}

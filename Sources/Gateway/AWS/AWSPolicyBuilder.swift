/// Says ordered rules in statements without an order, where any Deny goes before every Allow.
struct AWSPolicyBuilder {
    private let areas: [AWSPolicyArea]

    /// - Parameter areas: in the order in which they count; the last stands for all other paths.
    init(_ areas: [AWSPolicyArea]) {
        self.areas = areas
    }

    /// Everything is allowed but what some rules deny.
    ///
    /// - Returns: nil where a Deny would hit something that is allowed.
    func allButDenied() -> (allow: [String], deny: [String])? {
        var deny: [AWSPolicyPiece] = []
        for (number, area) in areas.enumerated() where !area.isAllowed {
            guard area.excess.isEmpty, !areas[..<number].contains(where: { $0.isAllowed && $0.meets(area) }) else {
                return nil
            }
            deny += area.pieces
        }
        return (["*/*"], deny.flatMap(\.patterns) + Self.ambiguous)
    }

    /// Only what rules name and allow; less than the rules say about all other paths, and never more.
    ///
    /// - Returns: nil where nothing can be said.
    func onlyListed() -> (allow: [String], deny: [String])? {
        var allow: [AWSPolicyPiece] = []
        var deny: [AWSPolicyPiece] = []
        for (number, area) in areas.dropLast().enumerated() where area.isAllowed {
            let blockers = areas[..<number].filter { !$0.isAllowed && $0.meets(area) }
            let isOver = areas.contains { !$0.isAllowed && area.exceedsInto($0) }
            let needed = blockers.flatMap(\.pieces) + (isOver ? area.excess : [])
            // A Deny that would hit what is allowed can't be said, nor then what needs it.
            guard !needed.contains(where: { piece in allow.contains(where: piece.meets) }) else { continue }
            allow += area.pieces
            for piece in needed where !deny.contains(piece) { deny.append(piece) }
        }
        return allow.isEmpty ? nil : (allow.flatMap(\.patterns), deny.flatMap(\.patterns) + Self.ambiguous)
    }

    /// Paths that two readers could read differently: no rule is about them. One percent-decoding of what need not be
    /// encoded would lead around a Deny.
    private static let ambiguous: [String] =
        [
            "//", "/./", "/../", ";", "\\", "%0?", "%1?", "%2d", "%2D", "%2e", "%2E", "%2f", "%2F", "%25", "%3?", "%4?",
            "%5?", "%6?", "%7?",
        ].map { "*\($0)*" } + ["*/.", "*/.."]
}

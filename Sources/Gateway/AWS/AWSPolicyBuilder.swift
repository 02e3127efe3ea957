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
        var deny: [String] = []
        for (number, area) in areas.enumerated() where !area.isAllowed {
            let isExact = area.excess.isEmpty
            guard isExact, !areas[..<number].contains(where: { $0.isAllowed && $0.meets(area) }) else { return nil }
            deny += area.patterns
        }
        return (["*/*"], deny + Self.ambiguous)
    }

    /// Only what rules name and allow; less than the rules say about all other paths, and never more.
    ///
    /// - Returns: nil where nothing can be said.
    func onlyListed() -> (allow: [String], deny: [String])? {
        var allow: [String] = []
        var deny: [String] = []
        var kept: [AWSPolicyArea] = []
        for (number, area) in areas.dropLast().enumerated() where area.isAllowed {
            let blockers = areas[..<number].filter { !$0.isAllowed && $0.meets(area) }
            let isOver = areas.contains { !$0.isAllowed && area.exceedsInto($0) }
            let needed = blockers.flatMap(\.patterns) + (isOver ? area.excess : [])
            // A Deny that would hit what is allowed can't be said, nor then what needs it.
            let isHarmless = !needed.contains { pattern in
                kept.contains { $0.patterns.contains { ARNPattern.intersect($0, pattern) } }
            }
            let isFree = !deny.contains { pattern in area.patterns.contains { ARNPattern.intersect($0, pattern) } }
            guard isHarmless, isFree || needed.starts(with: deny) else { continue }
            kept.append(area)
            allow += area.patterns
            for pattern in needed where !deny.contains(pattern) { deny.append(pattern) }
        }
        return allow.isEmpty ? nil : (allow, deny + Self.ambiguous)
    }

    /// Paths that two readers could read differently: no rule is about them. One percent-decoding of what need not be
    /// encoded would lead around a Deny.
    private static let ambiguous: [String] =
        [
            "//", ";", "\\", "/./", "/../", "%0?", "%1?", "%2d", "%2D", "%2e", "%2E", "%2f", "%2F", "%25", "%3?", "%4?",
            "%5?", "%6?", "%7?",
        ].map { "*/*\($0)*" } + ["*/.", "*/.."]
}

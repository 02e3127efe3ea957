public import Base

/// One pattern of paths and whether a certain caller may go there; of several the first that matches counts.
public struct RouteReach: Sendable, Equatable {
    /// One segment of the pattern.
    public enum Segment: Sendable, Equatable {
        /// Exactly this text, in the normal form of ``RoutePath``.
        case literal(String)
        /// Any one segment.
        case any
        /// All that follows, also nothing.
        case rest
    }

    /// The methods, sorted; nil: any.
    public let methods: [String]?
    /// The path.
    public let segments: [Segment]
    /// Whether the caller may go there.
    public let isAllowed: Bool
}

extension RouteRules {
    /// More rules than this are not said again for a caller.
    public static let maximumReach = 64

    /// What the rules say for one caller about every path, in the order in which they count; the last stands for all
    /// paths that no rule matches.
    ///
    /// - Returns: nil where the path alone does not decide (rules for certain hosts), or there are too many rules.
    public func reach(
        principal: Principal?, signIn: SignIn?, orgHeader: String?, now: Timestamp
    ) -> [RouteReach]? {
        guard rules.count <= Self.maximumReach, rules.allSatisfy({ $0.host == nil }) else { return nil }
        func isAllowed(_ requirement: RouteRequirement, _ org: String?) -> Bool {
            let match = RouteMatch(number: nil, requirement: requirement, orgID: org)
            let decision = match.decide(principal: principal, signIn: signIn, orgHeader: orgHeader, now: now)
            if case .allow = decision { return true }
            return false
        }
        var reach: [RouteReach] = []
        for rule in rules {
            let segments = rule.segments.map(RouteReach.Segment.init)
            let methods = rule.methods?.sorted()
            guard let position = rule.orgPosition else {
                reach.append(
                    RouteReach(methods: methods, segments: segments, isAllowed: isAllowed(rule.requirement, nil)))
                continue
            }
            // The caller's own orgs by name, then all others.
            let others = isAllowed(rule.requirement, "")
            for membership in principal?.memberships ?? [] {
                let org = membership.orgID.description
                let isOwnAllowed = isAllowed(rule.requirement, org)
                guard isOwnAllowed != others else { continue }
                var own = segments
                own[position] = .literal(org)
                reach.append(RouteReach(methods: methods, segments: own, isAllowed: isOwnAllowed))
            }
            reach.append(RouteReach(methods: methods, segments: segments, isAllowed: others))
        }
        reach.append(RouteReach(methods: nil, segments: [.rest], isAllowed: isAllowed(.authenticated, nil)))
        return reach
    }
}

extension RouteReach.Segment {
    init(_ segment: RouteRule.Segment) {
        switch segment {
        case .literal(let bytes): self = .literal(String(decoding: bytes, as: UTF8.self))
        case .any: self = .any
        case .rest: self = .rest
        }
    }
}

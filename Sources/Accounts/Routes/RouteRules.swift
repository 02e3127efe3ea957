public import Base

/// The operator's rules about who may call what; compiled once, never changed.
public struct RouteRules: Sendable {
    /// So many rules are taken at most.
    public static let maximumCount = 10_000

    /// No rules: no decision looks at the path, and every request needs a valid token of a known person.
    public static let none = RouteRules([])

    /// The rules, in the order in which they count.
    public let rules: [RouteRule]
    private let matcher: RouteMatcher

    /// Reads and compiles the configuration's `routes`.
    ///
    /// - Throws: everything that is wrong, not only the first.
    public init(_ json: JSON) throws(RouteRulesError) {
        let reader = RouteRuleReader(json)
        guard reader.problems.isEmpty else { throw RouteRulesError(problems: reader.problems) }
        self.init(reader.rules)
    }

    init(_ rules: [RouteRule]) {
        self.rules = rules
        matcher = RouteMatcher(rules)
    }

    /// Whether there are none, so that method and path need not be known.
    public var isEmpty: Bool { rules.isEmpty }

    /// Finds the rule for a request; without one it is `authenticated`.
    ///
    /// - Parameters:
    ///   - method: as the gateway received it; compared letter by letter. nil or empty: the gateway did not say.
    ///   - host: with or without port; nil: not known, which only rules for any host match.
    ///   - target: path and query as the gateway received them.
    /// - Throws: `bad_request` where rules exist and method or path is missing, `path_ambiguous`.
    public func match(method: String?, host: String?, target: String?) throws(Problem) -> RouteMatch {
        guard !isEmpty else { return .authenticated }
        guard let method, !method.isEmpty, let target, !target.isEmpty else {
            throw Problem(
                .badRequest, "The gateway did not send the method and the path of the original request.",
                cause: "route rules are configured; see the gateway's configuration")
        }
        let path: RoutePath
        do {
            path = try RoutePath(target)
        } catch {
            throw Problem(.pathAmbiguous, "The path could be read in two ways: \(error.rawValue).")
        }
        guard let number = matcher.match(method: method, host: host.flatMap(Self.normalised(host:)), path: path) else {
            return .authenticated
        }
        let rule = rules[number]
        return RouteMatch(number: number, requirement: rule.requirement, orgID: rule.orgPosition.map(path.text))
    }

    /// A host in lower case without port and without the dot at its end; nil when nothing is left.
    static func normalised(host: String) -> String? {
        var name = host.lowercased()[...]
        if name.first == "[" {
            guard let end = name.firstIndex(of: "]") else { return nil }
            name = name[...end]
        } else if let colon = name.lastIndex(of: ":") {
            name = name[..<colon]
        }
        if name.last == "." { name.removeLast() }
        return name.isEmpty ? nil : String(name)
    }
}

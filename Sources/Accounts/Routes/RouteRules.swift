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
    private let needsHost: Bool

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
        needsHost = rules.contains { $0.host != nil }
    }

    /// Whether there are none, so that method and path need not be known.
    public var isEmpty: Bool { rules.isEmpty }

    /// Finds the rule for a request; without one it is `authenticated`.
    ///
    /// - Parameters:
    ///   - method: as the gateway received it. nil or empty: the gateway did not say.
    ///   - host: with or without port; nil: the gateway did not say, which will do where no rule names a host.
    ///   - target: path and query as the gateway received them.
    /// - Throws: `bad_request` where rules exist and method or path is missing or no such, or the host where a rule
    ///   names one; `path_ambiguous`.
    public func match(method: String?, host: String?, target: String?) throws(Problem) -> RouteMatch {
        guard !isEmpty else { return .authenticated }
        guard let method, !method.isEmpty, let target, !target.isEmpty else {
            throw Problem(
                .badRequest, "The gateway did not send the method and the path of the original request.",
                cause: "route rules are configured; see the gateway's configuration")
        }
        guard method.utf8.allSatisfy(Self.isMethodByte) else {
            throw Problem(.badRequest, "The method has other characters than capitals, digits and hyphens.")
        }
        let path: RoutePath
        do {
            path = try RoutePath(target)
        } catch {
            throw Problem(.pathAmbiguous, "The path could be read in two ways: \(error.rawValue).")
        }
        let host = needsHost ? host.flatMap(Self.normalised(host:)) : nil
        if needsHost, host == nil {
            throw Problem(
                .badRequest, "The gateway did not send the host of the original request, or what it sent is none.",
                cause: "route rules for hosts are configured; see the gateway's configuration")
        }
        guard let number = matcher.match(method: method, host: host, path: path) else {
            return .authenticated
        }
        let rule = rules[number]
        return RouteMatch(number: number, requirement: rule.requirement, orgID: rule.orgPosition.map(path.text))
    }

    /// A host in lower case without port and without the dot at its end; nil for what is no host.
    static func normalised(host: String) -> String? {
        var name = host.lowercased()[...]
        if name.first == "[" {
            guard let end = name.firstIndex(of: "]") else { return nil }
            name = name[...end]
        } else {
            if let colon = name.lastIndex(of: ":") { name = name[..<colon] }
            // Another character, or an empty label, and two readers could see two hosts.
            guard name.utf8.allSatisfy(isHostByte) else { return nil }
        }
        if name.last == "." { name.removeLast() }
        return name.isEmpty || name.hasPrefix(".") || name.hasSuffix(".") || name.contains("..") ? nil : String(name)
    }

    /// RFC 9110 §9.1 tells case apart, and some servers don't: `delete` must not pass by a rule for DELETE.
    private static func isMethodByte(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

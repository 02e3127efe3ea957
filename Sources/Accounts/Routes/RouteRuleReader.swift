internal import Base

/// Reads the configuration's `routes`, and collects everything that is wrong about them.
struct RouteRuleReader {
    private(set) var problems: [Problem.Field] = []
    private(set) var rules: [RouteRule] = []

    init(_ json: JSON) {
        guard let list = json.elements else {
            problems.append(Problem.Field("routes", "must be a list of rules"))
            return
        }
        guard list.count <= RouteRules.maximumCount else {
            problems.append(Problem.Field("routes", "holds more than \(RouteRules.maximumCount) rules"))
            return
        }
        for (number, element) in list.enumerated() { read(element, "routes[\(number)]") }
    }

    private mutating func read(_ json: JSON, _ place: String) {
        guard let members = json.members else { return fail(place, "must be an object") }
        for (name, _) in members where !["method", "host", "path", "require"].contains(name) {
            fail("\(place).\(name)", "is no part of a rule; a rule has method, host, path and require")
        }
        let methods = methods(json["method"], "\(place).method")
        let host = host(json["host"], "\(place).host")
        let requirement = requirement(json["require"], "\(place).require")
        guard let pattern = json["path"]?.string else {
            return fail("\(place).path", "must be a path such as \"/orgs/{org_id}/**\"")
        }
        guard let segments = segments(pattern, "\(place).path") else { return }
        let rule = RouteRule(
            methods: methods, host: host, pattern: pattern, segments: segments, requirement: requirement)
        if requirement.orgRole != nil, rule.orgPosition == nil, segments.contains(.any(name: "orgId")) {
            fail("\(place).path", "names the org {orgId}; it must be {org_id}")
        }
        if let earlier = rules.firstIndex(where: { hides($0, rule) }) {
            fail("\(place).path", "can never be reached: routes[\(earlier)] matches the same requests before it")
        }
        rules.append(rule)
    }

    /// Whether an earlier rule takes every request from the later one, as far as that is plain to see.
    private func hides(_ earlier: RouteRule, _ later: RouteRule) -> Bool {
        guard earlier.shape == later.shape, earlier.host == nil || earlier.host == later.host else { return false }
        guard let taken = earlier.methods else { return true }
        return later.methods.map { $0.isSubset(of: taken) } ?? false
    }

    private mutating func methods(_ json: JSON?, _ place: String) -> Set<String>? {
        guard let json else { return nil }
        let names = json.string.map { [$0] } ?? json.elements?.map { $0.string ?? "" } ?? []
        if names == ["*"] { return nil }
        guard !names.isEmpty, names.allSatisfy(Self.isMethod) else {
            fail(place, "must be a method in upper case, a list of them, or \"*\"")
            return nil
        }
        return Set(names)
    }

    private static func isMethod(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 32
            && name.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private mutating func host(_ json: JSON?, _ place: String) -> String? {
        guard let json else { return nil }
        guard let text = json.string, !text.isEmpty, text.utf8.count <= 253 else {
            fail(place, "must be a host name or \"*\"")
            return nil
        }
        if text == "*" { return nil }
        guard let host = RouteRules.normalised(host: text), !host.contains("*"),
            !text.contains(":") || text.first == "["
        else {
            fail(place, "must be a whole host name without port, or \"*\"")
            return nil
        }
        return host
    }

    private mutating func segments(_ pattern: String, _ place: String) -> [RouteRule.Segment]? {
        guard pattern.hasPrefix("/") else {
            fail(place, "must begin with a slash")
            return nil
        }
        var segments: [RouteRule.Segment] = []
        var names: Set<String> = []
        var parts = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        for (number, part) in parts.enumerated() {
            if part.isEmpty {
                fail(place, "has two slashes in a row")
                return nil
            } else if part == "**" {
                guard number == parts.count - 1 else {
                    fail(place, "has ** before its end; ** stands for the rest")
                    return nil
                }
                segments.append(.rest)
            } else if part == "*" {
                segments.append(.any(name: nil))
            } else if part.hasPrefix("{"), part.hasSuffix("}") {
                let name = String(part.dropFirst().dropLast())
                guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte), names.insert(name).inserted else {
                    fail(place, "has {\(name)}: a name is of a–z, 0–9 and _, and occurs once")
                    return nil
                }
                segments.append(.any(name: name))
            } else if part.contains(where: { "*{}?".contains($0) }) {
                fail(place, "has \(part): a segment is {name}, *, ** or plain text")
                return nil
            } else {
                do throws(RoutePath.Ambiguity) {
                    segments.append(.literal(Array(try RoutePath("/\(part)").bytes.dropFirst())))
                } catch {
                    fail(place, "could be read in two ways: \(error.rawValue)")
                    return nil
                }
            }
        }
        return segments
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func requirement(_ json: JSON?, _ place: String) -> RouteRequirement {
        guard let json else {
            fail(place, "is missing; the least is \"authenticated\"")
            return .authenticated
        }
        if json.equals("anonymous") { return .anonymous }
        if json.equals("authenticated") { return .authenticated }
        guard let members = json.members, !members.isEmpty else {
            fail(place, "must be \"anonymous\", \"authenticated\" or an object that names what is required")
            return .authenticated
        }
        var requirement = RouteRequirement.authenticated
        for (name, value) in members {
            let here = "\(place).\(name)"
            switch name {
            case "global_role":
                requirement.globalRole = value.string.flatMap { GlobalRole(rawValue: $0) }
                if requirement.globalRole == nil { fail(here, "must be one of \(Self.list(GlobalRole.self))") }
            case "org_role":
                requirement.orgRole = value.string.flatMap { OrgRole(rawValue: $0) }
                if requirement.orgRole == nil { fail(here, "must be one of \(Self.list(OrgRole.self))") }
            case "permission":
                let permissions = Self.strings(value)?.map { Permission($0) } ?? [nil]
                requirement.permissions = permissions.compactMap { $0 }
                if permissions.isEmpty || permissions.contains(nil)
                    || requirement.permissions.contains(where: \.hasWildcard)
                {
                    fail(here, "must be a permission such as \"invoices:read\", of two to four segments without *")
                }
            case "scope":
                requirement.scopes = Self.strings(value)?.flatMap { $0.split(separator: " ").map(String.init) } ?? []
                if requirement.scopes.isEmpty { fail(here, "must be an OAuth scope") }
            case "mfa":
                requirement.needsMFA = value.bool ?? false
                if value.bool == nil { fail(here, "must be true or false") }
            case "max_age":
                requirement.maximumAge = value.int.flatMap { (1...31_536_000).contains($0) ? $0 : nil }
                if requirement.maximumAge == nil { fail(here, "must be a number of seconds from 1 to 31536000") }
            default:
                fail(here, "is no requirement; there are global_role, org_role, permission, scope, mfa and max_age")
            }
        }
        return requirement
    }

    private static func strings(_ json: JSON) -> [String]? {
        if let one = json.string { return [one] }
        let all = json.elements?.map(\.string)
        return all?.contains(nil) == false ? all?.compactMap { $0 } : nil
    }

    private static func list<Role: RawRepresentable<String> & CaseIterable>(_ role: Role.Type) -> String {
        role.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private mutating func fail(_ field: String, _ problem: String) {
        problems.append(Problem.Field(field, problem))
    }
}

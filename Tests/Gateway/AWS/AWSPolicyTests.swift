import Accounts
import Base
import Testing
import Tokens

@testable import Gateway

/// Policies are read here as IAM reads them and held against the rules themselves.
@Suite struct AWSPolicyTests {
    private static let stage = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/prod"
    private static let own = "0190a000-0000-7000-8000-000000000001"
    private static let foreign = "0190a000-0000-7000-8000-000000000002"

    private static var member: Principal {
        get throws {
            let org = try #require(EntityID(own))
            return Principal(
                userID: org, identity: Identity(provider: .okta, issuer: "https://i.example.com", subject: "s"),
                email: "ada@example.com", isActive: true, globalRole: .globalUser, currentOrg: org,
                memberships: [Membership(orgID: org, name: "Acme", slug: "acme", role: .admin)], version: 1)
        }
    }

    private func rules(_ text: String) throws -> RouteRules {
        try RouteRules(JSON.parse(Array(text.utf8)))
    }

    private func decide(_ rules: RouteRules, _ method: String, _ path: String) throws -> Bool {
        guard let match = try? rules.match(method: method, host: nil, target: path) else { return false }
        let decision = match.decide(
            principal: try Self.member, signIn: SignIn(), orgHeader: nil, now: Timestamp(seconds: 0))
        if case .allow = decision { return true }
        return false
    }

    private func policy(_ rules: RouteRules, _ method: String, _ path: String) throws -> AWSPolicy? {
        let arn = try #require(AWSMethodARN("\(Self.stage)/\(method)\(path)"))
        let reach = rules.reach(
            principal: try Self.member, signIn: SignIn(), orgHeader: nil, now: Timestamp(seconds: 0))
        return try AWSPolicy.rules(arn, #require(reach), isAllowed: decide(rules, method, path))
    }

    private func allows(_ policy: AWSPolicy, _ method: String, _ path: String) -> Bool {
        let text = "\(Self.stage)/\(method)\(path)"
        return policy.allow.contains { ARNPattern.matches($0, text) }
            && !policy.deny.contains { ARNPattern.matches($0, text) }
    }

    @Test("Rules that deny a part of the stage are said exactly")
    func exact() throws {
        let rules = try rules(
            #"""
            [{"method":"*","path":"/admin/**","require":{"global_role":"platform_admin"}},
             {"method":["POST","DELETE"],"path":"/orders","require":{"scope":"orders:write"}}]
            """#)
        let policy = try #require(try policy(rules, "GET", "/orders/1"))
        #expect(policy.allow == ["\(Self.stage)/*/*"])
        for (method, path) in [
            ("GET", "/"), ("GET", "/orders"), ("POST", "/orders"), ("POST", "/orders/"), ("POST", "/orders/1"),
            ("GET", "/admin"), ("GET", "/admin/"), ("PUT", "/admin/a/b"), ("GET", "/administrators"),
            ("GET", "/%61dmin/x"), ("GET", "/a/../admin"), ("GET", "//admin"), ("GET", "/a;/b"), ("GET", "/a%2Fb"),
        ] {
            let expected = method == "GET" && path == "/%61dmin/x" ? false : try decide(rules, method, path)
            #expect(allows(policy, method, path) == expected, "\(method) \(path)")
        }
    }

    @Test("The own org's paths are allowed, another's are not")
    func orgs() throws {
        let rules = try rules(
            #"[{"method":"*","path":"/orgs/{org_id}/**","require":{"org_role":"org_user"}}]"#)
        let policy = try #require(try policy(rules, "GET", "/orgs/\(Self.own)/members"))
        #expect(allows(policy, "POST", "/orgs/\(Self.own)/invites/1"))
        #expect(allows(policy, "GET", "/orgs/\(Self.own)"))
        #expect(!allows(policy, "GET", "/orgs/\(Self.foreign)/members"))
        #expect(!allows(policy, "GET", "/orgs/\(Self.own)x"))
        #expect(!allows(policy, "GET", "/orgs/\(Self.own)/../\(Self.foreign)"))
    }

    @Test("Where patterns can't say it, nothing but the requested path is spoken of")
    func requested() throws {
        for text in [
            #"[{"method":"*","host":"api.example.com","path":"/a","require":{"scope":"x"}}]"#
        ] {
            #expect(
                try rules(text).reach(principal: nil, signIn: nil, orgHeader: nil, now: Timestamp(seconds: 0)) == nil)
        }
        let rules = try rules(#"[{"method":"*","path":"/users/*/secret","require":{"scope":"x"}}]"#)
        #expect(try policy(rules, "GET", "/users/1/name") == nil)
        let arn = try #require(AWSMethodARN("\(Self.stage)/GET/users/1/name"))
        #expect(AWSPolicy.requested(arn, isAllowed: true).allow == [arn.text])
        #expect(AWSPolicy.requested(arn, isAllowed: false).deny == [arn.text])
    }

    @Test("A requested path that is a pattern or too long is denied", arguments: ["/*", "/a?", "/${a}"])
    func patterns(path: String) throws {
        let arn = try #require(AWSMethodARN("\(Self.stage)/GET\(path)"))
        #expect(AWSPolicy.requested(arn, isAllowed: true).allow.isEmpty)
        let room = AWSPolicy.maximumResource - Self.stage.utf8.count - "/GET/".utf8.count
        let longest = try #require(AWSMethodARN("\(Self.stage)/GET/" + String(repeating: "a", count: room)))
        #expect(AWSPolicy.requested(longest, isAllowed: true).allow == [longest.text])
        let longer = try #require(AWSMethodARN(longest.text + "a"))
        #expect(AWSPolicy.requested(longer, isAllowed: true).allow.isEmpty)
    }

    @Test(
        "However rules are mixed, a policy never allows what they deny, and is right about the request",
        arguments: 0..<24)
    func mixed(seed: Int) throws {
        var random = Numbers(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        let patterns = [
            "/a", "/a/**", "/a/b", "/a/*", "/a/*/c", "/orgs/{org_id}/**", "/orgs/{org_id}", "/orgs/{org_id}/b", "/**",
            "/b/**", "/", "/*", "/b/c/**",
        ]
        let requirements = [
            #""authenticated""#, #""anonymous""#, #"{"scope":"x"}"#, #"{"global_role":"platform_admin"}"#,
            #"{"org_role":"org_user"}"#, #"{"org_role":"org_owner"}"#,
        ]
        let methods = [#""*""#, #""GET""#, #"["POST","GET"]"#]
        var taken: Set<String> = []
        var list: [String] = []
        for _ in 0...random.below(5) {
            let pattern = random.pick(patterns)
            guard taken.insert(pattern.split(separator: "{org_id}").joined(separator: "*")).inserted else { continue }
            let requirement = random.pick(requirements)
            list.append(
                #"{"method":\#(random.pick(methods)),"path":"\#(pattern)","require":\#(requirement)}"#)
        }
        let rules = try rules("[\(list.joined(separator: ","))]")
        let segments = ["a", "b", "c", "orgs", Self.own, Self.foreign, "x", "%61", "..", ""]
        func path() -> String {
            "/" + (0..<random.below(5)).map { _ in random.pick(segments) }.joined(separator: "/")
        }
        for _ in 0..<8 {
            let (method, requested) = (random.pick(["GET", "POST", "PUT"]), path())
            // An ambiguous path is refused before a policy is made.
            guard (try? RoutePath(requested)) != nil, let policy = try policy(rules, method, requested) else {
                continue
            }
            #expect(allows(policy, method, requested) == (try decide(rules, method, requested)))
            let isExact = policy.allow == ["\(Self.stage)/*/*"]
            for _ in 0..<30 {
                let (method, path) = (random.pick(["GET", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"]), path())
                let expected = try decide(rules, method, path)
                let actual = allows(policy, method, path)
                #expect(!actual || expected || policy.deny.isEmpty, "\(list) \(method) \(path) \(policy)")
                if isExact, !path.contains("%") {
                    #expect(actual == expected || policy.deny.isEmpty, "\(list) \(method) \(path)")
                }
            }
        }
    }

    private struct Numbers {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }

        mutating func pick(_ list: [String]) -> String { list[below(list.count)] }
    }
}

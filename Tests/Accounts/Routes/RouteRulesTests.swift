import Base
import Testing

@testable import Accounts

@Suite struct RouteRulesTests {
    static func rules(_ text: String) throws -> RouteRules {
        try RouteRules(try JSON.parse(Array(text.utf8)))
    }

    static let table = """
        [{"path": "/health", "require": "anonymous"},
         {"method": "GET", "path": "/public/**", "require": "anonymous"},
         {"method": ["PUT", "DELETE"], "path": "/orgs/{org_id}", "require": {"org_role": "org_owner"}},
         {"path": "/orgs/{org_id}/invoices/{id}", "require": {"permission": "invoices:read"}},
         {"path": "/orgs/{org_id}/**", "require": {"org_role": "org_user"}},
         {"host": "admin.example.com", "path": "/**", "require": {"global_role": "global_admin"}},
         {"path": "/*/me", "require": {"scope": "profile"}},
         {"path": "/caf%c3%a9/**", "require": {"mfa": true}},
         {"path": "/pay", "require": {"max_age": 900, "mfa": true}},
         {"host": "*", "method": "*", "path": "/", "require": "authenticated"}]
        """

    @Test(
        "The first rule that matches is found",
        arguments: [
            ("GET", nil, "/health", 0), ("POST", nil, "/health/", 0), ("GET", nil, "/public", 1),
            ("GET", nil, "/public/", 1), ("GET", nil, "/public/a/b", 1), ("POST", nil, "/public/a", nil),
            ("GET", nil, "/publicity", nil), ("PUT", nil, "/orgs/1", 2), ("PUT", nil, "/orgs/1/", 2),
            ("GET", nil, "/orgs/1", 4), ("DELETE", nil, "/orgs/1/x", 4), ("GET", nil, "/orgs/1/invoices/9", 3),
            ("GET", nil, "/orgs/1/invoices", 4), ("GET", nil, "/orgs", nil),
            ("GET", "admin.example.com", "/x", 5), ("GET", "ADMIN.example.com.:8443", "/x/y", 5),
            ("GET", "admin.example.com", "/health", 0), ("GET", "admin.example.com", "/", 5),
            ("GET", "badmin.example.com", "/x/y", nil), ("GET", nil, "/x/me", 6), ("GET", nil, "/me", nil),
            ("GET", nil, "/café/x", 7), ("GET", nil, "/caf%C3%A9", 7), ("GET", nil, "/Health", nil),
            ("GET", nil, "/%68ealth", 0), ("GET", nil, "/", 9), ("GET", nil, "/?x", 9), ("GET", nil, "/pay", 8),
            ("GET", "[::1]:80", "/pay?x=1", 8),
        ] as [(String, String?, String, Int?)])
    func match(method: String, host: String?, path: String, number: Int?) throws {
        let match = try Self.rules(Self.table).match(method: method, host: host ?? "elsewhere", target: path)
        #expect(match.number == number)
        if number == nil { #expect(match.requirement == .authenticated) }
    }

    @Test("The org of the path is what stands in the place of {org_id}")
    func org() throws {
        let rules = try Self.rules(Self.table)
        #expect(try rules.match(method: "GET", host: "h", target: "/orgs/a%20b/x").orgID == "a b")
        #expect(try rules.match(method: "GET", host: "h", target: "/health").orgID == nil)
    }

    @Test("Without rules nothing is looked at; with rules method and path must be there and plain")
    func missing() throws {
        #expect(try RouteRules.none.match(method: nil, host: nil, target: "/a/../b") == .authenticated)
        let rules = try Self.rules(Self.table)
        for (method, host, target) in [
            (nil, "h", "/a"), ("", "h", "/a"), ("GET", "h", nil), ("GET", "h", ""), ("get", "h", "/a"),
            ("DELETe", "h", "/a"), ("GET", nil, "/a"), ("GET", "", "/a"), ("GET", "h..", "/a"), ("GET", "h, i", "/a"),
            ("GET", "%68", "/a"), ("GET", ":80", "/a"), ("GET", ".h", "/a"), ("GET", "[::1", "/a"),
        ] as [(String?, String?, String?)] {
            let problem = #expect(throws: Problem.self) {
                try rules.match(method: method, host: host, target: target)
            }
            #expect(problem?.code == .badRequest)
        }
        let problem = #expect(throws: Problem.self) { try rules.match(method: "GET", host: "h", target: "/a/../b") }
        #expect(problem?.code == .pathAmbiguous)
        // Where no rule names a host, none is needed.
        let hostless = try Self.rules(#"[{"path": "/health", "require": "anonymous"}]"#)
        #expect(try hostless.match(method: "GET", host: nil, target: "/health").number == 0)
    }

    @Test("Matching agrees with trying every rule in order, on generated rules and paths")
    func differential() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<300 {
            let rules = (0..<Int.random(in: 1...30, using: &random)).map { _ in Self.randomRule(&random) }
            let compiled = RouteRules(rules)
            for _ in 0..<40 {
                let path =
                    "/"
                    + (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        ["a", "b", "c"].randomElement(using: &random) ?? "a"
                    }.joined(separator: "/")
                let method = ["GET", "PUT"].randomElement(using: &random) ?? "GET"
                let host = ["h", "i", "j"].randomElement(using: &random) ?? "h"
                let naive = rules.firstIndex { Self.naive($0, method, host, path) }
                #expect(try compiled.match(method: method, host: host, target: path).number == naive)
            }
        }
    }

    private static func randomRule(_ random: inout SplitMix) -> RouteRule {
        var segments: [RouteRule.Segment] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Bool.random(using: &random)
                ? .any(name: nil) : .literal(Array((["a", "b", "c"].randomElement(using: &random) ?? "a").utf8))
        }
        if Int.random(in: 0..<4, using: &random) == 0 { segments.append(.rest) }
        return RouteRule(
            methods: [nil, ["GET"], ["GET", "PUT"]].randomElement(using: &random) ?? nil,
            host: [nil, nil, "h"].randomElement(using: &random) ?? nil, pattern: "", segments: segments,
            requirement: .authenticated)
    }

    private static func naive(_ rule: RouteRule, _ method: String, _ host: String?, _ path: String) -> Bool {
        if let methods = rule.methods, !methods.contains(method) { return false }
        if let wanted = rule.host, wanted != host { return false }
        var parts = path.split(separator: "/")[...]
        for segment in rule.segments {
            switch segment {
            case .rest: return true
            case .any: guard parts.popFirst() != nil else { return false }
            case .literal(let bytes): guard parts.popFirst()?.utf8.elementsEqual(bytes) == true else { return false }
            }
        }
        return parts.isEmpty
    }

    @Test(
        "What is wrong with a rule is said, and where",
        arguments: [
            ("{}", "routes"), ("[1]", "routes[0]"), (#"[{"path":"/a"}]"#, "routes[0].require"),
            (#"[{"require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"a","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/**/a","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/a*","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/{}","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/{a}/{a}","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/a/../b","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/a//b","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/a?b","require":"anonymous"}]"#, "routes[0].path"),
            (#"[{"path":"/a","require":"nobody"}]"#, "routes[0].require"),
            (#"[{"path":"/a","require":{}}]"#, "routes[0].require"),
            (#"[{"path":"/a","require":{"role":"x"}}]"#, "routes[0].require.role"),
            (#"[{"path":"/a","require":{"global_role":"x"}}]"#, "routes[0].require.global_role"),
            (#"[{"path":"/a","require":{"org_role":"admin"}}]"#, "routes[0].require.org_role"),
            (#"[{"path":"/a","require":{"permission":"x"}}]"#, "routes[0].require.permission"),
            (#"[{"path":"/a","require":{"permission":"x:*"}}]"#, "routes[0].require.permission"),
            (#"[{"path":"/a","require":{"permission":[]}}]"#, "routes[0].require.permission"),
            (#"[{"path":"/a","require":{"scope":""}}]"#, "routes[0].require.scope"),
            (#"[{"path":"/a","require":{"mfa":"true"}}]"#, "routes[0].require.mfa"),
            (#"[{"path":"/a","require":{"max_age":0}}]"#, "routes[0].require.max_age"),
            (#"[{"path":"/a","require":{"max_age":31536001}}]"#, "routes[0].require.max_age"),
            (#"[{"path":"/a","require":{"max_age":1.5}}]"#, "routes[0].require.max_age"),
            (#"[{"method":"get","path":"/a","require":"anonymous"}]"#, "routes[0].method"),
            (#"[{"method":[],"path":"/a","require":"anonymous"}]"#, "routes[0].method"),
            (#"[{"method":["GET","*"],"path":"/a","require":"anonymous"}]"#, "routes[0].method"),
            (#"[{"host":"a:80","path":"/a","require":"anonymous"}]"#, "routes[0].host"),
            (#"[{"host":"*.a","path":"/a","require":"anonymous"}]"#, "routes[0].host"),
            (#"[{"paths":"/a","path":"/a","require":"anonymous"}]"#, "routes[0].paths"),
            (
                #"[{"path":"/{a}","require":"anonymous"},{"method":"GET","path":"/*/","require":{"mfa":true}}]"#,
                "routes[1].path"
            ),
        ])
    func wrong(text: String, place: String) throws {
        let error = #expect(throws: RouteRulesError.self) { try Self.rules(text) }
        #expect(error?.problems.map(\.field) == [place])
    }

    @Test("All problems are said at once")
    func all() {
        let text = #"[{"path":"a","require":"x"},{"path":"/b","require":{"mfa":1,"scope":2}}]"#
        let error = #expect(throws: RouteRulesError.self) { try Self.rules(text) }
        #expect(error?.problems.count == 4)
    }

    @Test("So many rules and not one more")
    func count() throws {
        func many(_ count: Int) -> String {
            "[" + (0..<count).map { #"{"path":"/\#($0)","require":"anonymous"}"# }.joined(separator: ",") + "]"
        }
        #expect(try Self.rules(many(500)).rules.count == 500)
        let json = try JSON.parse(Array(many(RouteRules.maximumCount + 1).utf8))
        #expect(throws: RouteRulesError.self) { try RouteRules(json) }
    }
}

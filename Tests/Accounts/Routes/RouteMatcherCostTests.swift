import Base
import Testing

@testable import Accounts

/// What a match costs must hang on the path, and not on how many rules there are.
@Suite(.serialized) struct RouteMatcherCostTests {
    private static let shapes: [String: @Sendable (Int) -> String] = [
        "one literal each": { "/service-\($0)/**" },
        "one literal behind a common start": { "/api/v1/service-\($0)/{id}" },
        "one literal behind a variable": { "/orgs/{org_id}/service-\($0)/**" },
        "literals at every depth": { "/a\($0 % 10)/b\($0 / 10 % 10)/c\($0)/{id}/d" },
    ]

    private func rules(_ count: Int, _ pattern: (Int) -> String) throws -> RouteRules {
        let list = (0..<count).map { number in
            """
            {"method":\(number % 3 == 0 ? #"["GET","PUT"]"# : #""*""#),"path":"\(pattern(number))",\
            "host":\(number % 5 == 0 ? #""h\#(number % 7).example.com""# : #""*""#),\
            "require":{"scope":"s\(number)"}}
            """
        }
        return try RouteRules(JSON.parse(Array("[\(list.joined(separator: ","))]".utf8)))
    }

    /// The best of several rounds: neighbours on the machine can only add to it.
    private func cost(_ rules: RouteRules, _ paths: [String]) throws -> Duration {
        var best = Duration.seconds(1000)
        for _ in 0..<7 {
            let begun = ContinuousClock.now
            for _ in 0..<20 {
                for path in paths { _ = try rules.match(method: "GET", host: "h1.example.com", target: path) }
            }
            best = min(best, ContinuousClock.now - begun)
        }
        return best / (20 * paths.count)
    }

    @Test("A thousand rules cost no more than ten", arguments: shapes.keys.sorted())
    func constant(shape: String) throws {
        let pattern = try #require(Self.shapes[shape])
        let (few, many) = (try rules(10, pattern), try rules(1000, pattern))
        // The first, the middle and the last rule's paths, and paths of none.
        let concrete = { (number: Int) in pattern(number).replacing("/**", with: "/x/y") }
        let cheap = try cost(few, [0, 5, 9].map(concrete) + ["/nowhere", "/service-/x", "/orgs/1/x"])
        let dear = try cost(many, [0, 500, 999].map(concrete) + ["/nowhere", "/service-/x", "/orgs/1/x"])
        print("route rules, \(shape): \(cheap) a match with 10, \(dear) with 1000")
        #expect(dear < cheap * 3, "\(cheap) became \(dear)")
    }
}

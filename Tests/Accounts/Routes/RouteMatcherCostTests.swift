import Base
import Glibc
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

    /// The processor time of a match, nanoseconds: the best of several rounds, by turns, so that whatever else the machine
    /// does meets both alike and only ever adds.
    private func costs(_ few: (RouteRules, [String]), _ many: (RouteRules, [String])) throws -> (
        few: UInt64, many: UInt64
    ) {
        var best = (few: UInt64.max, many: UInt64.max)
        for _ in 0..<15 {
            best.few = min(best.few, try round(few.0, few.1))
            best.many = min(best.many, try round(many.0, many.1))
        }
        return best
    }

    private func round(_ rules: RouteRules, _ paths: [String]) throws -> UInt64 {
        let begun = processorTime()
        for _ in 0..<20 {
            for path in paths { _ = try rules.match(method: "GET", host: "h1.example.com", target: path) }
        }
        return (processorTime() - begun) / UInt64(20 * paths.count)
    }

    private func processorTime() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    @Test("A thousand rules cost no more than ten", arguments: shapes.keys.sorted())
    func constant(shape: String) throws {
        let pattern = try #require(Self.shapes[shape])
        let (few, many) = (try rules(10, pattern), try rules(1000, pattern))
        // The first, the middle and the last rule's paths, and paths of none.
        let concrete = { (number: Int) in pattern(number).replacing("/**", with: "/x/y") }
        let none = ["/nowhere", "/service-/x", "/orgs/1/x"]
        let (cheap, dear) = try costs(
            (few, [0, 5, 9].map(concrete) + none), (many, [0, 500, 999].map(concrete) + none))
        print("route rules, \(shape): \(cheap) ns a match with 10, \(dear) ns with 1000")
        #expect(dear < cheap * 3, "\(cheap) became \(dear)")
    }
}

import Base
import ParsersFuzz
import Testing
import TokensFuzz

/// Every input that is kept in the tree, held against what must be true of every input. A trap ends the run: the last
/// input that began is the culprit.
@Suite("Kept inputs of the fuzzers") struct RegressionTests {
    @Test("of the parsers", arguments: ParserTarget.allCases)
    func parsers(_ target: ParserTarget) throws {
        let inputs = try Inputs.of(target.rawValue)
        #expect(inputs.count >= 8)
        for input in inputs { target.check(input) }
    }

    @Test("of tokens and keys", arguments: FuzzTarget.allCases)
    func tokens(_ target: FuzzTarget) throws {
        for input in try Inputs.of(target.rawValue) { target.check(input) }
    }
}

/// What an examination of a token found: every check in order, and the verdict.
public struct Examination: Sendable {
    /// What the verifier says of the token.
    public let verdict: Verdict
    /// Every check in the order in which it is made, with those that were not reached or had nothing to check.
    public let reports: [CheckReport]

    init(verdict: Verdict, made: [CheckReport]) {
        self.verdict = verdict
        // A check that is made of several claims fails with the first that fails.
        var worst: [TokenCheck: CheckReport] = [:]
        for report in made where worst[report.check]?.outcome != .failed { worst[report.check] = report }
        reports = TokenCheck.allCases.filter { $0 != .revocation }.map { check in
            worst[check] ?? CheckReport(check: check, outcome: .notReached, expected: "", actual: "")
        }
    }
}

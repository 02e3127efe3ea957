internal import Accounts
internal import Base
internal import Tokens

/// The lines of an explanation, for a person and for a program.
struct ExplanationReport {
    private struct Line {
        let name: String
        let outcome: CheckReport.Outcome
        let expected: String
        let actual: String
        /// For a failure: what would make it pass, in a sentence.
        let needed: String?
    }

    private var lines: [Line] = []
    private var facts: [ClaimsMapping.Entry] = []
    /// Whether all that was asked for is granted.
    var isAllowed = false

    mutating func add(_ check: CheckReport) {
        let needed = check.check == .tokenClass ? check.expected : check.check.message
        lines.append(
            Line(
                name: check.check.rawValue, outcome: check.outcome, expected: check.expected, actual: check.actual,
                needed: check.outcome == .failed ? needed : nil))
    }

    mutating func add(_ name: String, _ outcome: CheckReport.Outcome, note: String, needed: String? = nil) {
        lines.append(Line(name: name, outcome: outcome, expected: "", actual: note, needed: needed))
    }

    /// What the claims were taken for.
    mutating func claims(of token: VerifiedToken) {
        facts += ClaimsMapping(token).entries
    }

    /// What a login would lead to.
    mutating func decision(_ explanation: ProvisioningExplanation) {
        fact("email_source", explanation.emailSource?.rawValue ?? "none")
        switch explanation.decision {
        case .admit(let admission):
            add("provisioning", .passed, note: admission.outcome.rawValue)
            if let org = admission.orgID { fact("org_id", "\(org)") }
            fact("user_id", admission.isNewUser ? "made at the first login" : "\(admission.userID)")
        case .refuse(let refusal):
            let problem = refusal.problem
            add("provisioning", .failed, note: refusal.rawValue, needed: problem.message)
        }
    }

    private mutating func fact(_ name: String, _ value: String) {
        facts.append(ClaimsMapping.Entry(name: name, value: value, claim: nil))
    }

    /// A line for each check, and the verdict.
    var text: String {
        var rows: [String] = []
        for line in lines {
            let mark =
                switch line.outcome {
                case .passed: "ok  "
                case .failed: "FAIL"
                case .notReached: "-   "
                }
            var row = "\(mark)  \(line.name.padded(to: 22))"
            if !line.actual.isEmpty { row += line.actual }
            if line.outcome == .failed, !line.expected.isEmpty { row += "  (passes: \(line.expected))" }
            rows.append(row)
        }
        for fact in facts {
            rows.append("      \(fact.name.padded(to: 22))\(fact.value)" + (fact.claim.map { "  (\($0))" } ?? ""))
        }
        for line in lines { if let needed = line.needed { rows.append("to pass \(line.name): \(needed)") } }
        rows.append(isAllowed ? "allow" : "deny")
        return rows.joined(separator: "\n")
    }

    /// The same for a program.
    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("allowed", isAllowed)
            writer.array("checks", of: lines) { writer, line in
                writer.member("check", line.name)
                writer.member("verdict", line.outcome.rawValue)
                writer.member("expected", line.expected)
                writer.member("actual", line.actual)
            }
            writer.array("needed", of: lines.filter { $0.needed != nil }) { writer, line in
                writer.member("check", line.name)
                writer.member("what", line.needed)
            }
            writer.object("facts") { writer in
                for fact in facts { writer.member(fact.name, fact.value) }
            }
            writer.object("mapping") { writer in
                for fact in facts { if let claim = fact.claim { writer.member(fact.name, claim) } }
            }
        }
    }
}

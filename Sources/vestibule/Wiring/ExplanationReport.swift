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
    }

    private var lines: [Line] = []
    private var facts: [(name: String, value: String)] = []
    /// Whether all that was asked for is granted.
    var isAllowed = false

    mutating func add(_ check: CheckReport) {
        lines.append(
            Line(
                name: check.check.rawValue, outcome: check.outcome, expected: check.expected, actual: check.actual))
    }

    mutating func add(_ name: String, _ outcome: CheckReport.Outcome, note: String) {
        lines.append(Line(name: name, outcome: outcome, expected: "", actual: note))
    }

    /// What the claims were taken for.
    mutating func claims(of token: VerifiedToken) {
        facts += [
            ("provider", token.provider.rawValue), ("issuer", token.issuer), ("subject", token.subject),
            ("class", "\(token.tokenClass)"), ("email", token.email ?? ""),
            ("email_verified", token.emailVerified.map { "\($0)" } ?? "not said"),
            ("groups", token.groups.joined(separator: ",")), ("scopes", token.scopes.joined(separator: " ")),
            ("expires_at", "\(token.expiresAt)"),
        ]
    }

    /// What a login would lead to.
    mutating func decision(_ explanation: ProvisioningExplanation) {
        facts.append(("email_source", explanation.emailSource?.rawValue ?? "none"))
        switch explanation.decision {
        case .admit(let admission):
            add("provisioning", .passed, note: admission.outcome.rawValue)
            if let org = admission.orgID { facts.append(("org_id", "\(org)")) }
            facts.append(("user_id", admission.isNewUser ? "made at the first login" : "\(admission.userID)"))
        case .refuse(let refusal):
            add("provisioning", .failed, note: "\(refusal.rawValue): \(refusal.problem.message)")
        }
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
        for fact in facts where !fact.value.isEmpty { rows.append("      \(fact.name.padded(to: 22))\(fact.value)") }
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
            writer.object("facts") { writer in
                for fact in facts { writer.member(fact.name, fact.value) }
            }
        }
    }
}

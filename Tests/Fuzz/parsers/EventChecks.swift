#if DEBUG || FUZZING

    internal import Base

    @testable import Accounts
    @testable import Gateway

    /// API Gateway's events: no policy made of one reaches another API or stage, or lets pass what the rules refuse.
    enum EventChecks {
        /// Two patterns and a text apart by line feeds, or an event.
        static func check(_ input: [UInt8]) {
            guard input.count < 6000 else { return }
            let lines = input.split(separator: 10, omittingEmptySubsequences: false)
            if lines.count == 3, lines.allSatisfy({ $0.count < 60 }) {
                let texts = lines.map { String(decoding: $0, as: UTF8.self) }
                patterns(texts[0], texts[1], texts[2])
            }
            guard let event = try? AWSEvent(input) else { return }
            precondition(event.requestID.map { (1...128).contains($0.utf8.count) } ?? true, "id")
            guard let arn = event.arn else { return precondition(event.form == .version2, "no method") }
            inspect(arn)
            for isAllowed in [true, false] {
                inspect(AWSPolicy.whole(arn, isAllowed: isAllowed), arn, isAllowed, isExact: false)
                inspect(AWSPolicy.requested(arn, isAllowed: isAllowed), arn, isAllowed, isExact: true)
            }
            rules(arn)
        }

        private static func patterns(_ first: String, _ second: String, _ text: String) {
            let matches = [first, second].map { ARNPattern.matches($0, text) }
            for (pattern, found) in zip([first, second], matches) {
                precondition(found == plainly(Array(pattern.utf8)[...], Array(text.utf8)[...]), "another match")
            }
            if matches == [true, true] { precondition(ARNPattern.intersect(first, second), "they meet in the text") }
            precondition(ARNPattern.intersect(first, second) == ARNPattern.intersect(second, first), "one-sided")
            if ARNPattern.isLiteral(text) {
                precondition(ARNPattern.intersect(first, text) == matches[0], "a text is a pattern of itself")
            }
        }

        /// By trying every length for a star; quick enough for a few stars.
        private static func plainly(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
            guard pattern.count(where: { $0 == 42 }) < 5 else {
                return ARNPattern.matches(
                    String(decoding: pattern, as: UTF8.self), String(decoding: text, as: UTF8.self))
            }
            guard let first = pattern.first else { return text.isEmpty }
            if first == 42 {
                return (text.startIndex...text.endIndex).contains { plainly(pattern.dropFirst(), text[$0...]) }
            }
            guard let byte = text.first, first == 63 || first == byte else { return false }
            return plainly(pattern.dropFirst(), text.dropFirst())
        }

        private static func inspect(_ arn: AWSMethodARN) {
            precondition(arn.text.hasPrefix("\(arn.stage)/\(arn.verb)"), "the stage is no part of it")
            precondition(ARNPattern.isLiteral(arn.stage) || arn.stageName == "$default", "a pattern for a stage")
            precondition(arn.path?.hasPrefix("/") ?? true, "path")
            precondition(AWSMethodARN(arn.text) == arn, "reads otherwise")
        }

        private static func inspect(_ policy: AWSPolicy, _ arn: AWSMethodARN, _ isAllowed: Bool, isExact: Bool) {
            for resource in policy.allow + policy.deny {
                precondition(resource.hasPrefix("\(arn.stage)/"), "another stage")
            }
            precondition(isAllowed || policy.allow.isEmpty, "more is allowed than was decided")
            if isExact, isAllowed {
                precondition(policy.allow.allSatisfy { $0 == arn.text }, "more than was asked for")
            }
            // The gateway's own ARNs have the path's slash; one without is allowed nothing.
            if isAllowed, !isExact, arn.text.hasSuffix(arn.path ?? "") {
                precondition(ARNPattern.matches(policy.allow[0], arn.text), "not what was asked for")
            }
        }

        /// For the requested path the policy says what the rules say, or there is none.
        private static func rules(_ arn: AWSMethodARN) {
            guard let path = arn.path, arn.text.hasSuffix(path),
                let found = try? FuzzRules.shared.match(method: arn.verb, host: nil, target: path)
            else { return }
            let decision = found.decide(
                principal: nil, signIn: nil, orgHeader: nil, now: Timestamp(seconds: 1_750_000_000))
            let isAllowed = decision.problem == nil
            guard
                let reach = FuzzRules.shared.reach(
                    principal: nil, signIn: nil, orgHeader: nil, now: Timestamp(seconds: 1_750_000_000)),
                let policy = AWSPolicy.rules(arn, reach, isAllowed: isAllowed)
            else { return }
            let allows = policy.allow.contains { ARNPattern.matches($0, arn.text) }
            let denies = policy.deny.contains { ARNPattern.matches($0, arn.text) }
            precondition((allows && !denies) == isAllowed, "the policy says otherwise than the rules")
        }
    }

    private enum FuzzRules {
        static let shared: RouteRules = {
            let text = """
                [{"path":"/public/**","require":"anonymous"},{"method":"GET","path":"/a/*","require":"anonymous"},
                {"path":"/a/secret","require":"authenticated"},{"path":"/b/{x}/c","require":"anonymous"}]
                """
            guard let json = try? JSON.parse(Array(text.utf8)), let rules = try? RouteRules(json) else {
                preconditionFailure("the rules can't be read")
            }
            return rules
        }()
    }

#endif

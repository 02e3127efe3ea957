#if DEBUG || FUZZING

    internal import Accounts
    internal import Base

    @testable import vestibule

    /// The configuration file: whatever stands in it, it is read or refused with a sentence.
    enum ConfigurationChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 3000 else { return }
            var problems = ConfigurationProblems()
            let file = ConfigurationFile(input, at: "file", problems: &problems)
            precondition(problems.sentences.allSatisfy { $0.hasPrefix("file: ") && $0.utf8.count > 8 }, "a sentence")
            precondition(file.values.keys.allSatisfy { $0 == $0.lowercased() }, "a name in capitals")
            guard let routes = file.routes else { return }
            guard let json = try? JSON.parse(routes) else { return }
            do throws(RouteRulesError) {
                let rules = try RouteRules(json)
                precondition(rules.rules.count <= RouteRules.maximumCount, "too many rules")
            } catch {
                precondition(!error.problems.isEmpty, "refused without a reason")
            }
        }
    }

#endif

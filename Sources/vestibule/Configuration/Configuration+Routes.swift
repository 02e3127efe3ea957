internal import Accounts
internal import Base

extension Configuration {
    /// The route rules, compiled.
    func routeRules() throws(ConfigurationProblems) -> RouteRules {
        guard let routes else { return .none }
        var problems = ConfigurationProblems()
        do {
            return try RouteRules(JSON.parse(routes))
        } catch let error as RouteRulesError {
            for problem in error.problems { problems.add(problem.field, problem.problem) }
        } catch {
            problems.add("routes", "\(error)")
        }
        throw problems
    }
}

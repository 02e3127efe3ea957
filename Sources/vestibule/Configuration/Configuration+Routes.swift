internal import Accounts
internal import Base

extension Configuration {
    /// Takes the route rules as the file has them, and compiles them.
    mutating func takeRoutes(_ fields: inout ConfigurationFields, _ text: [UInt8]?) {
        routes = text
        guard let text else { return }
        do {
            routeRules = try RouteRules(JSON.parse(text))
        } catch let error as RouteRulesError {
            for problem in error.problems { fields.problems.add(problem.field, problem.problem) }
        } catch {
            fields.problems.add("routes", "\(error)")
        }
    }
}

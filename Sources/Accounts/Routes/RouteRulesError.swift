public import Base

/// Route rules that can't be used, with everything that is wrong about them.
public struct RouteRulesError: Error, Sendable, Equatable {
    /// Each problem with where it is, e.g. `routes[2].path`.
    public let problems: [Problem.Field]
}

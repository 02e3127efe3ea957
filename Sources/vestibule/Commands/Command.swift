/// What the program can be asked to do.
protocol Command {
    /// The word that names it.
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// Does it.
    static func run(_ arguments: [String]) throws -> ExitCode
}

/// How the program ends.
enum ExitCode: Int32 {
    /// Done.
    case done = 0
    /// The answer is no.
    case no = 1
    /// A usage or configuration error.
    case usage = 2
    /// A dependency is unreachable.
    case unreachable = 3
}

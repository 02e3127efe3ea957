/// A column that does not hold what the code expects: the statement and the code that reads it disagree.
public struct RowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The statement's name.
    public let statement: String
    /// The column's position, from 0.
    public let column: Int
    /// What was expected; never the value that was found.
    public let problem: String

    /// Names the statement, the column and what was expected there.
    public init(statement: String, column: Int, problem: String) {
        self.statement = statement
        self.column = column
        self.problem = problem
    }

    /// A sentence without the value.
    public var description: String { "statement \(statement), column \(column): \(problem)" }
}

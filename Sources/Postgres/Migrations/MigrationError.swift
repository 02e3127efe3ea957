/// Why migrations could not be read, applied or taken back. The description is for the operator.
public struct MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Sendable, Hashable {
        /// The migrations' files are missing, unreadable or wrongly named.
        case source
        /// The database can't be reached.
        case unreachable
        /// What is in the database and what is in the files contradict each other.
        case conflict
        /// The server refused a statement; that migration left nothing behind.
        case failed
    }

    /// Where in a file the server found the mistake, both from 1.
    public struct Position: Sendable, Equatable {
        /// The line.
        public let line: Int
        /// The character in the line.
        public let column: Int
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// The file, where one is to blame.
    public let file: String?
    /// The place in the file, where the server named one.
    public let position: Position?
    /// The server's SQLSTATE, where the server refused.
    public let sqlState: String?
    /// What is wrong, in the server's or our own words.
    public let message: String

    init(_ kind: Kind, file: String? = nil, position: Position? = nil, sqlState: String? = nil, _ message: String) {
        self.kind = kind
        self.file = file
        self.position = position
        self.sqlState = sqlState
        self.message = message
    }

    /// File, place, SQLSTATE and words.
    public var description: String {
        var text = ""
        if let file {
            text += file
            if let position { text += ":\(position.line):\(position.column)" }
            text += ": "
        }
        text += message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        return text
    }
}

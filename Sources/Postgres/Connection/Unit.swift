internal import Base
internal import CPostgres

/// Takes the result of one statement.
protocol ResultSink: AnyObject {
    func take(_ result: OpaquePointer, statement: String) throws
}

/// One statement on its way to the server.
struct Command {
    /// The name to prepare it under.
    let name: String
    let text: SQL
    let parameters: [Parameter]
    let phase: DatabaseError.Phase
    let sink: (any ResultSink)?

    init<Row>(_ statement: Statement<Row>, _ parameters: [Parameter], sink: (any ResultSink)?) {
        name = statement.name
        text = statement.text
        self.parameters = parameters
        phase = .body
        self.sink = sink
    }

    init(_ name: String, _ text: SQL, _ parameters: [Parameter] = [], phase: DatabaseError.Phase) {
        self.name = name
        self.text = text
        self.parameters = parameters
        self.phase = phase
        sink = nil
    }
}

/// Statements that go out together, closed by one Sync: one round trip, one fate.
final class Unit {
    let commands: [Command]
    /// When the wait for the answers ends.
    let deadline: Instant
    /// Whether the unit's end commits something, so that a lost answer leaves the outcome open.
    let commits: Bool
    private var completion: ((DatabaseError?) -> Void)?

    /// The completion is called once, on the loop; nil means that every statement was done.
    init(_ commands: [Command], deadline: Instant, commits: Bool, completion: @escaping (DatabaseError?) -> Void) {
        self.commands = commands
        self.deadline = deadline
        self.commits = commits
        self.completion = completion
    }

    func complete(_ error: DatabaseError?) {
        let call = completion
        completion = nil
        call?(error)
    }
}

internal import CPostgres

/// A statement on its way to the server: what is sent, and who takes the answer.
@safe struct Command {
    let name: String
    let text: String
    let parameters: [Parameter]
    /// Takes the server's answer; throws where a row can't be read.
    let receive: (OpaquePointer) throws(DatabaseError) -> Void

    /// A statement whose rows go to somebody who waits.
    init<Row>(_ statement: Statement<Row>, _ parameters: [Parameter], into pending: Pending<Row>) {
        name = "\(statement.name)"
        text = "\(statement.text)"
        self.parameters = parameters
        let read = statement.row
        let name = name
        unsafe receive = { result throws(DatabaseError) in
            let count = unsafe PQntuples(result)
            var rows: [Row] = []
            rows.reserveCapacity(Int(count))
            for row in 0..<count {
                do {
                    rows.append(try read(unsafe RowReader(result: result, row: row)))
                } catch {
                    throw DatabaseError(.protocol, .body, statement: name, cause: "\(error)")
                }
            }
            pending.fill(rows)
        }
    }

    /// A command of the transaction itself, with the tag that its success carries.
    init(control text: String, expecting tag: String) {
        name = "vst_" + text.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        self.text = text
        parameters = []
        unsafe receive = { result throws(DatabaseError) in
            let answer = unsafe String(cString: PQcmdStatus(result))
            // A COMMIT of a failed transaction answers ROLLBACK, without an error.
            if answer != tag {
                throw DatabaseError(.protocol, .commit, cause: "\(text) was answered with \(answer)")
            }
        }
    }
}

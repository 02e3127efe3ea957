import Accounts
import Base
import Testing

@Suite("Reading files of people")
struct ImportReaderTests {
    /// What a reader makes of a text that comes in pieces of the given size: lines with e-mails, or reasons.
    private func read(_ text: String, _ reader: some ImportReader, piece: Int = .max) throws -> [String] {
        var reader = reader
        var entries: [ImportEntry] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            entries += try reader.read(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        entries += try reader.end()
        return entries.map { entry in
            switch entry.content {
            case .success(let line): "\(entry.line) \(line.email.text) \(line.person.fullName ?? "-")"
            case .failure(let why): "\(entry.line) \(why.reason.rawValue)"
            }
        }
    }

    private static let ndjson = """
        \u{FEFF}{"email":"a@x.example","full_name":"Ä"}\r
        \r
        {"email":"b@x.example"}
        {"email":
        \t
        {"email":"c@x.example","subject":null,"role":""}
        """

    private static let csv = """
        \u{FEFF}full_name,email\r
        Ä,a@x.example\r
        "B ""the"" bee, of\r
        two lines",b@x.example

        broken"quote,c@x.example
        "also"broken,d@x.example
        ,e@x.example
        one
        "",f@x.example\r
        "open,g@x.example
        """

    @Test("However the bytes are cut, the lines are the same", arguments: [1, 2, 3, 7, 64, .max])
    func pieces(_ piece: Int) throws {
        #expect(
            try read(Self.ndjson, NDJSONReader(), piece: piece) == [
                "1 a@x.example Ä", "3 b@x.example -", "4 line_invalid", "6 c@x.example -",
            ])
        #expect(
            try read(Self.csv, CSVReader(), piece: piece) == [
                "2 a@x.example Ä", "3 b@x.example B \"the\" bee, oftwo lines", "6 line_invalid", "7 line_invalid",
                "8 e@x.example -", "9 line_invalid", "10 f@x.example -", "11 line_invalid",
            ])
    }

    @Test("Neither a line nor a record may be longer than the limit, and the next one is read all the same")
    func longest() throws {
        for over in [0, 1] {
            let expected = over == 0 ? "1 a@x.example -" : "1 line_too_long"
            let line = #"{"email":"a@x.example"}"#
            let padded = line + String(repeating: " ", count: ImportLimits.line - line.utf8.count + over)
            for end in ["\n", "\r\n"] {
                #expect(
                    try read(padded + end + line + "\n", NDJSONReader(), piece: 4096) == [expected, "2 a@x.example -"])
            }
            let field = String(repeating: "x", count: ImportLimits.line - "a@x.example,".utf8.count + over)
            #expect(
                try read("email,subject\na@x.example,\(field)\na@x.example,s\n", CSVReader(), piece: 4096) == [
                    over == 0 ? "2 subject_invalid" : "2 line_too_long", "3 a@x.example -",
                ])
        }
    }

    @Test(
        "A header is at most as wide as the limit, and names fields once each",
        arguments: [
            ("", "empty"), ("email,emial\n", "column 2"), ("email,email\n", "two columns"),
            ("subject\n", "no column email"),
            (String(repeating: "email,", count: ImportLimits.columns) + "email\n", "can't be read"),
        ])
    func header(_ text: String, _ part: String) {
        let error = #expect(throws: ImportFileError.self) { try read(text, CSVReader()) }
        #expect(error?.sentence.contains(part) == true)
    }
}

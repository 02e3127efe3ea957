import Base
import Testing

@testable import HTTP

@Suite("Messages") struct MessageTests {
    @Test("finds fields whatever their case, known names and others")
    func fields() throws {
        let request = try Request(
            testing: .get, "/",
            fields: [
                (.cookie, "a=1"), (FieldName("X-Odd-One"), "b"), (FieldName("x-ODD-one"), "c"), (.cookie, "d=2"),
            ], loop: TestLoop.idle)
        #expect(request.field(.cookie) == "a=1")
        #expect(request.fields(.cookie) == ["a=1", "d=2"])
        #expect(request.count(.cookie) == 2)
        #expect(request.fields(FieldName("X-ODD-ONE")) == ["b", "c"])
        #expect(request.field(.authorization) == nil)
        #expect(request.withField(.cookie) { $0.count } == 3)
        var names: [String] = []
        request.forEachField { name, _ in names.append(name.text) }
        #expect(names == ["Host", "cookie", "x-odd-one", "x-odd-one", "cookie"])
    }

    @Test("knows every spelling of the table, in any case, and no other name")
    func names() {
        for (index, spelling) in FieldName.spellings.enumerated() {
            let text = "\(spelling)"
            for variant in [text, text.lowercased(), text.uppercased()] {
                #expect(FieldName(parsing: variant)?.code == UInt8(index + 1))
            }
            #expect(FieldName(parsing: text + "x")?.code == 0)
            #expect(FieldName(parsing: String(text.dropLast()))?.code == 0 || text == "TE" || text == "ETag")
        }
        #expect(FieldName(parsing: "X-Other")?.name == "x-other")
        #expect(FieldName(parsing: "X-Other") == FieldName("x-other"))
        #expect(FieldName.xRequestID.name == "x-request-id")
        for bad in ["", "a b", "a:", "é", "a\r\n"] { #expect(FieldName(parsing: bad) == nil) }
    }

    @Test(
        "says who must authenticate how",
        arguments: [
            (ErrorCode.tokenMissing, "Bearer realm=\"vestibule\""),
            (
                .tokenExpired,
                "Bearer error=\"invalid_token\", error_description=\"It's 'over'.\", realm=\"vestibule\""
            ),
            (.apiKeyInvalid, "Bearer realm=\"vestibule\""),
        ])
    func challenges(_ code: ErrorCode, _ expected: String) {
        let response = Response(problem: Problem(code, "It's \"over\"."), requestID: "r")
        #expect(response.status == 401)
        #expect(response.field(.wwwAuthenticate) == expected)
    }

    @Test("writes the error body of the contract")
    func errorBody() {
        let problem = Problem(
            .validationFailed, "Two \"fields\"\nare wrong.", cause: "hidden", details: [.init("a.b", "too long")])
        let response = Response(problem: problem, requestID: "r-1")
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"{"success":false,"error":"Two \"fields\"\nare wrong.","code":"validation_failed","request_id":"r-1","#
                + #""details":[{"field":"a.b","problem":"too long"}]}"#)
        #expect(response.field(.wwwAuthenticate) == nil)
        let away = Response(problem: Problem(.overloaded, "Later.", retryAfter: 7), requestID: "r")
        #expect(away.field(.retryAfter) == "7")
    }

    @Test(
        "dates",
        arguments: [
            (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ])
    func dates(_ seconds: Int64, _ text: String) {
        #expect(String(decoding: DateLine.line(seconds), as: UTF8.self) == "Date: \(text)\r\n")
    }

    @Test(
        "percent-decodes",
        arguments: [
            ("a", "a"), ("%41%c3%a9", "Aé"), ("%", nil), ("%4", nil), ("%4g", nil), ("%ff", nil), ("a+b", "a+b"),
            ("", ""),
        ])
    func percent(_ raw: String, _ expected: String?) {
        #expect(PercentEncoding.decode(Array(raw.utf8).span) == expected)
    }

    @Test(
        "reads a trace id only where traceparent is well formed",
        arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"),
            ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", nil),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", nil), ("00-4bf9-00f067aa0ba902b7-01", nil),
            ("", nil), ("00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", nil),
        ])
    func trace(_ value: String, _ expected: String?) throws {
        let request = try Request(testing: .get, "/", fields: [(.traceparent, value)], loop: TestLoop.idle)
        #expect(request.caller?.traceID.description == expected)
    }

    @Test("listens where it is told, and says what is wrong where it can't")
    func listener() throws {
        let listener = try Listener.bind("127.0.0.1:0")
        defer { listener.close() }
        #expect(listener.address == "127.0.0.1:\(listener.port)")
        let taken = #expect(throws: ListenError.self) { try Listener.bind("127.0.0.1:\(listener.port)") }
        #expect(taken?.description.contains("taken") == true)
        for bad in ["8080", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "::1:80", "no.such.host.invalid:1"] {
            #expect(throws: ListenError.self, "\(bad)") { try Listener.bind(bad) }
        }
    }
}

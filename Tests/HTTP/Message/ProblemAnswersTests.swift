import Base
import Testing

@testable import HTTP

@Suite("Answers to problems") struct ProblemAnswersTests {
    private func lines(_ response: Response) -> [String] {
        let fields = response.fields.map { "\($0.0.spelling): \($0.1)" }
        return (fields + String(decoding: response.block, as: UTF8.self).split(separator: "\r\n").map(String.init))
            .sorted()
    }

    @Test("say what an answer made anew says, for every code, however often", arguments: ErrorCode.allCases)
    func same(_ code: ErrorCode) throws {
        let request = try Request(testing: .get, "/", loop: TestLoop.idle)
        let answers = ProblemAnswers()
        let problems = (0..<6).map { Problem(code, "It's \"over\" \($0).", retryAfter: $0 == 3 ? 7 : nil) }
        for problem in problems + problems + [Problem(code, "Where?", details: [.init("a", "too long")])] {
            let answer = answers.answer(to: problem, request)
            let anew = Response(problem: problem, requestID: request.id)
            #expect(answer.status == anew.status)
            #expect(lines(answer) == lines(anew))
            #expect(String(decoding: answer.body, as: UTF8.self) == String(decoding: anew.body, as: UTF8.self))
        }
    }

    @Test("tell apart what differs in one part only")
    func parts() throws {
        let request = try Request(testing: .get, "/", loop: TestLoop.idle)
        let answers = ProblemAnswers()
        let first = answers.answer(to: Problem(.forbidden, "No."), request)
        #expect(answers.answer(to: Problem(.forbidden, "No!"), request).body != first.body)
        #expect(answers.answer(to: Problem(.notFound, "No."), request).status == 404)
        #expect(answers.answer(to: Problem(.forbidden, "No.", status: 404), request).status == 404)
        #expect(answers.answer(to: Problem(.forbidden, "No.", retryAfter: 1), request).block != first.block)
    }
}

import Base
import Testing

@Suite struct ErrorTests {
    @Test("every code has a status and is spelled in snake case", arguments: ErrorCode.allCases)
    func codes(_ code: ErrorCode) {
        #expect((400...503).contains(code.status))
        #expect(code.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
        if code.rawValue.hasPrefix("token_") { #expect(code.status == 401) }
    }

    @Test("what is away for a moment asks for a retry")
    func retry() {
        #expect(Problem(.databaseUnavailable, "Later.").retryAfter == 1)
        #expect(Problem(.overloaded, "Later.", retryAfter: 7).retryAfter == 7)
        #expect(Problem(.notFound, "None.").retryAfter == nil)
    }

    @Test("a system call's failure is told in the system's words")
    func system() throws {
        #expect("\(SystemError(call: "open", code: 2))" == "open: No such file or directory")
        #expect(try SystemError.check("read", 3) == 3)
        #expect(throws: SystemError.self) { try SystemError.check("read", -1) }
    }
}

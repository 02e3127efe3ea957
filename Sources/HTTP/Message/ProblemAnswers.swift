public import Base

/// Answers to problems that come again and again: all but the request's id is made once. One a loop.
public final class ProblemAnswers {
    private struct Entry {
        let message: String
        let status: Int
        let retryAfter: Int?
        let block: [UInt8]
        /// The body up to the request's id.
        let opening: [UInt8]
    }

    /// So many sentences are kept for each code; a newcomer takes the place of the oldest.
    static let sentences = 4
    private static let closing: [UInt8] = Array("\"}".utf8)

    private var entries: [[Entry]]
    private var oldest: [Int]

    /// Knows no answer yet.
    public init() {
        entries = Array(repeating: [], count: ErrorCode.allCases.count)
        oldest = Array(repeating: 0, count: ErrorCode.allCases.count)
    }

    /// What `Response(problem:requestID:)` makes of it, its fields serialised.
    public func answer(to problem: Problem, _ request: Request) -> Response {
        // Fields are of one request alone.
        guard problem.details.isEmpty else { return Response(problem: problem, requestID: request.id) }
        let entry = entry(problem)
        var body: [UInt8] = []
        body.reserveCapacity(entry.opening.count + RequestIDs.longest + Self.closing.count)
        body.append(contentsOf: entry.opening)
        request.appendID(to: &body)
        body.append(contentsOf: Self.closing)
        return Response(status: entry.status, block: entry.block, body: body)
    }

    private func entry(_ problem: Problem) -> Entry {
        let place = problem.code.index
        for entry in entries[place]
        where entry.status == problem.status && entry.retryAfter == problem.retryAfter
            && entry.message == problem.message
        {
            return entry
        }
        let made = Self.make(problem)
        if entries[place].count < Self.sentences {
            entries[place].append(made)
        } else {
            entries[place][oldest[place]] = made
            oldest[place] = (oldest[place] + 1) % Self.sentences
        }
        return made
    }

    private static func make(_ problem: Problem) -> Entry {
        let whole = Response(problem: problem, requestID: "")
        var block: [UInt8] = []
        for (name, value) in whole.fields {
            block += Array("\(name.spelling): ".utf8)
            block += value.utf8.map { $0 == 13 || $0 == 10 || $0 == 0 ? 32 : $0 } + [13, 10]
        }
        return Entry(
            message: problem.message, status: problem.status, retryAfter: problem.retryAfter, block: block,
            opening: Array(whole.body.dropLast(closing.count)))
    }
}

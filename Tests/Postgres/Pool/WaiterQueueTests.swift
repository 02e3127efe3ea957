import Base
import Testing

@testable import Postgres

@Suite("Line of waiters")
struct WaiterQueueTests {
    @Test("First in, first out, over many rounds")
    func order() {
        var queue = WaiterQueue()
        var next = 0
        var expected = 0
        for round in 0..<500 {
            for _ in 0..<(round % 7) {
                queue.append(WaiterQueue.Waiter(id: next, deadline: Instant(nanoseconds: 0)))
                next += 1
            }
            for _ in 0..<(round % 5) {
                guard let first = queue.first else { break }
                #expect(first.id == expected)
                expected += 1
                queue.removeFirst()
            }
            #expect(queue.count == next - expected)
        }
        #expect(queue.removeAll().map { $0.id } == Array(expected..<next))
        #expect(queue.count == 0)
    }
}

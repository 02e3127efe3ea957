/// The timers of a loop, as a binary heap by deadline.
///
/// Cancelling costs nothing here: a cancelled timer leaves when its deadline comes, or when cancelled ones might be
/// half of all, so that a busy server's cancelled deadlines don't pile up.
struct TimerQueue {
    private var heap: [LoopTimer] = []
    private var order: UInt64 = 0
    /// The size at which cancelled timers are looked for.
    private var sweepSize = smallest

    private static let smallest = 256

    var earliest: Instant? { heap.first?.deadline }

    var count: Int { heap.count }

    mutating func insert(at deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer {
        if heap.count >= sweepSize { sweep() }
        order += 1
        let timer = LoopTimer(deadline: deadline, order: order, action: action)
        heap.append(timer)
        rise(from: heap.count - 1)
        return timer
    }

    /// Takes all timers out whose deadline has come, in the order in which they are to fire.
    mutating func takeDue(at now: Instant, into due: inout [LoopTimer]) {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if !first.isDone { due.append(first) }
        }
    }

    private mutating func sweep() {
        heap.removeAll(where: \.isDone)
        for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(from: position) }
        sweepSize = max(Self.smallest, 2 * heap.count)
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink(from: 0)
    }

    private mutating func rise(from position: Int) {
        var child = position
        while child > 0 {
            let parent = (child - 1) / 2
            guard LoopTimer.precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink(from position: Int) {
        var parent = position
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < heap.count, LoopTimer.precedes(heap[left], heap[least]) { least = left }
            if left + 1 < heap.count, LoopTimer.precedes(heap[left + 1], heap[least]) { least = left + 1 }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

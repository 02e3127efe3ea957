/// The timers of a loop, as a binary heap by deadline. A cancelled timer leaves when its deadline comes.
struct TimerQueue {
    private var heap: [LoopTimer] = []

    var earliest: Instant? { heap.first?.deadline }

    mutating func insert(_ timer: LoopTimer) {
        heap.append(timer)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The next timer whose deadline has come, cancelled ones left out.
    mutating func due(at now: Instant) -> LoopTimer? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if !first.isCancelled { return first }
        }
        return nil
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

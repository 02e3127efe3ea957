internal import Base

/// Those who wait for a connection, first come first served. Taking the first costs nothing, however long the line.
struct WaiterQueue {
    struct Waiter: Equatable {
        let id: Int
        let deadline: Instant
    }

    private var items: [Waiter] = []
    private var head = 0

    var count: Int { items.count - head }
    var first: Waiter? { head < items.count ? items[head] : nil }

    mutating func append(_ waiter: Waiter) {
        items.append(waiter)
    }

    mutating func removeFirst() {
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head > items.count / 2 {
            items.removeFirst(head)
            head = 0
        }
    }

    mutating func removeAll() -> [Waiter] {
        defer {
            items.removeAll()
            head = 0
        }
        return Array(items[head...])
    }
}

/// The jobs of tasks that are ready on a loop, first in, first out. Its room is reused, so that it costs no allocation
/// once it has grown.
struct JobQueue {
    private var jobs: [UnownedJob] = []
    private var first = 0

    var isEmpty: Bool { first == jobs.count }

    mutating func append(_ job: UnownedJob) {
        jobs.append(job)
    }

    mutating func append(contentsOf others: [UnownedJob]) {
        jobs.append(contentsOf: others)
    }

    mutating func take() -> UnownedJob? {
        guard first < jobs.count else { return nil }
        let job = jobs[first]
        first += 1
        if first == jobs.count {
            jobs.removeAll(keepingCapacity: jobs.capacity <= 1024)
            first = 0
        } else if first >= 1024 {
            // A queue that never runs empty must not grow for ever.
            jobs.removeFirst(first)
            first = 0
        }
        return job
    }
}

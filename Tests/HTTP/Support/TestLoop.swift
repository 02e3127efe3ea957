import Base
import HTTP

/// A loop that never runs, for requests that need one only to exist.
enum TestLoop {
    static let idle: EventLoop = {
        do {
            return try EventLoop()
        } catch {
            fatalError("no descriptor left for a loop: \(error)")
        }
    }()
}

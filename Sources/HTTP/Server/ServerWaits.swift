internal import Base

/// A server's time limits in nanoseconds, taken apart once and not for every request; at most a century each.
struct ServerWaits {
    let head: Int64
    let body: Int64
    let idle: Int64
    let write: Int64
    let linger: Int64

    init(_ settings: ServerSettings) {
        func nanoseconds(_ time: Duration) -> Int64 { min(time, .seconds(36525 * 86400)).nanoseconds }
        head = nanoseconds(settings.headTime)
        body = nanoseconds(settings.bodyTime)
        idle = nanoseconds(settings.idleTime)
        write = nanoseconds(settings.writeTime)
        linger = nanoseconds(settings.lingerTime)
    }
}

/// Something with a file descriptor that a loop watches.
public protocol EventSource: AnyObject {
    /// Called on the loop's thread when the descriptor is ready.
    ///
    /// May be called without need; reads and writes must be non-blocking and stop at `EAGAIN`.
    func ready(_ readiness: Readiness)
}

/// What a watched descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
    /// The bits, as the loop uses them.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A read will not block.
    public static let readable = Readiness(rawValue: 1)
    /// A write will not block.
    public static let writable = Readiness(rawValue: 2)
    /// The peer has closed its side, or the descriptor failed. Always reported, never asked for.
    public static let closed = Readiness(rawValue: 4)
    /// Asked for only: of all loops that watch one listening socket, wake one (`EPOLLEXCLUSIVE`).
    public static let exclusive = Readiness(rawValue: 8)
}

internal import Base

/// A descriptor of libcurl's that the loop watches.
final class TransferSocket: EventSource {
    private let descriptor: Int32
    private weak var set: TransferSet?

    init(_ descriptor: Int32, _ set: TransferSet) {
        self.descriptor = descriptor
        self.set = set
    }

    func ready(_ readiness: Readiness) {
        set?.ready(descriptor, readiness)
    }
}

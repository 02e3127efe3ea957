internal import Base
internal import Glibc
internal import Synchronization

/// The servers that share a ``Listener``, and how many connections each has.
///
/// The system wakes any of the loops, and of a gateway's few connections, which last for hours, all may come to one.
/// So whoever takes a connection gives it to the one with the fewest.
final class Seats: Sendable {
    /// The place of one server.
    final class Seat: Sendable {
        let open = Atomic<Int>(0)
        fileprivate let loop: EventLoop
        // Used by its own loop only.
        fileprivate let server: Confined<WeakServer>

        fileprivate init(_ server: Server) {
            loop = server.loop
            self.server = Confined(WeakServer(server))
        }
    }

    fileprivate final class WeakServer {
        private(set) weak var server: Server?

        init(_ server: Server) {
            self.server = server
        }
    }

    private let taken = Mutex<[Seat]>([])

    /// Gives the server a place. Until it leaves, it may be given connections.
    func take(_ server: Server) -> Seat {
        let seat = Seat(server)
        taken.withLock { $0.append(seat) }
        return seat
    }

    func leave(_ seat: Seat) {
        taken.withLock { $0.removeAll { $0 === seat } }
    }

    /// The place with the fewest connections, if it has fewer than this one.
    func emptier(than seat: Seat) -> Seat? {
        let own = seat.open.load(ordering: .relaxed)
        return taken.withLock { seats in
            var found: (seat: Seat, open: Int)?
            for other in seats {
                let open = other.open.load(ordering: .relaxed)
                if open < found?.open ?? own { found = (other, open) }
            }
            return found?.seat
        }
    }
}

/// A connection that was accepted and belongs to no server yet.
struct AcceptedSocket: Sendable {
    let descriptor: Int32
    let peer: IPAddress

    func close() {
        Glibc.close(descriptor)
    }
}

extension Seats.Seat {
    /// Has the seat's server begin the connection, on its own loop.
    func give(_ accepted: AcceptedSocket) {
        // At once, so that the next connection goes elsewhere.
        open.add(1, ordering: .relaxed)
        loop.execute { [self] in
            open.subtract(1, ordering: .relaxed)
            if let server = server.value.server { server.begin(accepted) } else { accepted.close() }
        }
    }
}

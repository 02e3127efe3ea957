internal import Glibc

/// What came of a read or a write that doesn't block.
enum Transfer {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing now; to be tried again when the socket is readable, or writable.
    case again(writable: Bool)
    /// The peer has ended its side.
    case ended
    /// The connection is broken.
    case failed
}

/// The bytes of one connection: a socket, with TLS on it or not.
@safe struct Transport {
    let descriptor: Int32
    let session: TLSSession?

    /// Whether bytes wait that the socket no longer shows as readable.
    var hasBuffered: Bool { session?.hasBuffered ?? false }

    @inline(__always) func read(into space: UnsafeMutableRawBufferPointer) -> Transfer {
        if let session { return unsafe session.read(into: space) }
        while true {
            let count = unsafe Glibc.read(descriptor, space.baseAddress, space.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .again(writable: false)
            default: return .failed
            }
        }
    }

    @inline(__always) func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        if let session { return unsafe session.write(bytes) }
        while true {
            // send and not write, for its flag: a peer that is gone must not raise SIGPIPE.
            let count = unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count > 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .again(writable: true)
            default: return .failed
            }
        }
    }

    /// Tells the peer that nothing more comes; what it still sends can be read.
    func endWriting() {
        session?.endWriting()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Frees the socket.
    func close() {
        session?.endWriting()
        Glibc.close(descriptor)
    }
}

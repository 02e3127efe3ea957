internal import COpenSSL

/// TLS on one connection. The handshake happens inside the first reads.
@safe final class TLSSession {
    private let pointer: OpaquePointer
    /// After a failure OpenSSL must not be asked to say goodbye.
    private var isBroken = false

    /// Owns the session.
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe SSL_free(pointer)
    }

    /// Whether decrypted bytes wait that the socket no longer shows.
    var hasBuffered: Bool { unsafe !isBroken && SSL_pending(pointer) > 0 }

    func read(into space: UnsafeMutableRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = unsafe SSL_read(pointer, space.baseAddress, Int32(clamping: space.count))
        return count > 0 ? .bytes(Int(count)) : outcome(count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let count = unsafe SSL_write(pointer, bytes.baseAddress, Int32(clamping: bytes.count))
        return count > 0 ? .bytes(Int(count)) : outcome(count)
    }

    /// Tells the peer that nothing more comes (RFC 8446 section 6.1); its own such message is not waited for.
    func endWriting() {
        guard !isBroken, unsafe SSL_in_init(pointer) == 0 else { return }
        ERR_clear_error()
        _ = unsafe SSL_shutdown(pointer)
        ERR_clear_error()
    }

    private func outcome(_ result: Int32) -> Transfer {
        switch unsafe SSL_get_error(pointer, result) {
        case SSL_ERROR_WANT_READ: return .again(writable: false)
        case SSL_ERROR_WANT_WRITE: return .again(writable: true)
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            isBroken = true
            ERR_clear_error()
            return .failed
        }
    }
}

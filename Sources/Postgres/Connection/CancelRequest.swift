internal import CPostgres

/// The right to cancel what one connection runs. Sending it blocks, so the helper thread does.
@safe final class CancelRequest: @unchecked Sendable {
    // libpq's cancel object is immutable, and PQcancel may be called from any thread.
    private let pointer: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let made = unsafe PQgetCancel(connection) else { return nil }
        unsafe pointer = unsafe made
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Connects to the server anew and asks; whether the server obliges is seen only in the statement's end.
    func send() {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            _ = unsafe PQcancel(pointer, buffer.baseAddress, 256)
        }
    }
}

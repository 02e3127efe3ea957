/// TLS on one connection.
@safe final class TLSSession {
    var hasBuffered: Bool { false }

    func read(into space: UnsafeMutableRawBufferPointer) -> Transfer { .failed }

    func write(_ bytes: UnsafeRawBufferPointer) -> Transfer { .failed }

    func endWriting() {}

    func close() {}
}

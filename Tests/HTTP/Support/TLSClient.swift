import COpenSSL
import Glibc

/// A TLS client on a plain blocking socket.
@safe final class TLSClient {
    private let plain: TestClient
    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Shakes hands; the server's certificate is not checked but can be asked for.
    init(_ port: UInt16, version: Int32 = TLS1_3_VERSION, offers: [String] = [], resuming: Ticket? = nil) throws {
        let plain = try TestClient(port)
        guard let context = unsafe SSL_CTX_new(TLS_client_method()), let session = unsafe SSL_new(context) else {
            throw ClientError.failed("no memory")
        }
        unsafe SSL_ctrl(session, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
        unsafe SSL_ctrl(session, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        let protocols = offers.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !protocols.isEmpty { _ = unsafe SSL_set_alpn_protos(session, protocols, UInt32(protocols.count)) }
        if let resuming { _ = unsafe SSL_set_session(session, resuming.pointer) }
        unsafe SSL_set_fd(session, plain.rawDescriptor)
        self.plain = plain
        unsafe self.context = context
        unsafe self.session = session
        guard unsafe SSL_connect(session) == 1 else { throw ClientError.failed("handshake") }
    }

    deinit {
        unsafe SSL_free(session)
        unsafe SSL_CTX_free(context)
    }

    /// What a later client needs to resume the session.
    @safe final class Ticket {
        let pointer: OpaquePointer

        init?(_ pointer: OpaquePointer?) {
            guard let pointer = unsafe pointer else { return nil }
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe SSL_SESSION_free(pointer)
        }
    }

    var ticket: Ticket? { unsafe Ticket(SSL_get1_session(session)) }
    var isResumed: Bool { unsafe SSL_session_reused(session) == 1 }

    /// The protocol that was agreed on.
    var agreed: String {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(session, &start, &count)
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    /// The common name of the server's certificate.
    var serverName: String {
        guard let certificate = unsafe SSL_get1_peer_certificate(session) else { return "" }
        defer { unsafe X509_free(certificate) }
        var name = [CChar](repeating: 0, count: 200)
        let subject = unsafe X509_get_subject_name(certificate)
        let count = unsafe X509_NAME_get_text_by_NID(subject, NID_commonName, &name, 200)
        return String(decoding: name.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe SSL_write(session, bytes, Int32(bytes.count))
    }

    func response() throws -> Reply {
        var received: [UInt8] = []
        while true {
            if let reply = Reply.first(in: &received, isHead: false) { return reply }
            let more = try receiveSome()
            guard !more.isEmpty else { throw ClientError.ended }
            received += more
        }
    }

    /// More bytes; none when the server has ended.
    func receiveSome() throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = unsafe SSL_read(session, &chunk, Int32(chunk.count))
        return Array(chunk[..<max(0, Int(count))])
    }
}

internal import COpenSSL
internal import Glibc
internal import Synchronization

/// Certificate, key and settings of TLS 1.2 and 1.3, shared by the servers of all loops.
///
/// Sessions are resumed by tickets, whose keys live as long as the loaded certificate.
public final class TLSContext: Sendable {
    private let certificate: String
    private let key: String
    private let current: Mutex<Handle>

    /// One loaded `SSL_CTX`. Connections hold a reference of OpenSSL's own, so that a reload takes nothing from them.
    ///
    /// `@unchecked Sendable`: OpenSSL counts references atomically, and the settings do not change after `load`.
    @safe private final class Handle: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe SSL_CTX_free(pointer)
        }
    }

    /// Loads the files.
    ///
    /// - Parameters:
    ///   - certificate: path of a PEM file: the server's certificate, then the intermediate ones.
    ///   - key: path of a PEM file with the certificate's private key, not encrypted.
    /// - Throws: ``TLSError`` when a file can't be read, or the two don't belong together.
    public init(certificate: String, key: String) throws(TLSError) {
        self.certificate = certificate
        self.key = key
        current = Mutex(try Self.load(certificate, key))
        // OpenSSL writes to sockets without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Loads the files anew, for connections from now on. From any thread.
    ///
    /// - Throws: ``TLSError``; what was loaded before then stays in use.
    public func reload() throws(TLSError) {
        let fresh = try Self.load(certificate, key)
        current.withLock { $0 = fresh }
    }

    /// A session on the connection; nil when there is no memory for one.
    func session(_ descriptor: Int32) -> TLSSession? {
        let handle = current.withLock { $0 }
        guard let session = unsafe SSL_new(handle.pointer) else { return nil }
        guard unsafe SSL_set_fd(session, descriptor) == 1 else {
            unsafe SSL_free(session)
            return nil
        }
        unsafe SSL_set_accept_state(session)
        return unsafe TLSSession(session)
    }

    private static func load(_ certificate: String, _ key: String) throws(TLSError) -> Handle {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(TLS_server_method()) else { throw .drain("TLS can't be set up") }
        let handle = unsafe Handle(pointer)
        unsafe SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        let options = optionBit(17) | optionBit(22) | optionBit(30)
        _ = unsafe SSL_CTX_set_options(pointer, options)
        // A write may take a part and go on from another buffer; idle connections give their buffers back.
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        unsafe SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(modes), nil)
        // TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325 section 4.2).
        guard unsafe SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 else {
            throw .drain("TLS can't be set up")
        }
        let name = Array("vestibule".utf8)
        _ = unsafe SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
        unsafe SSL_CTX_set_alpn_select_cb(pointer, chooseProtocol, nil)
        // Without this an encrypted key would make OpenSSL ask at the terminal.
        unsafe SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
        guard unsafe SSL_CTX_use_certificate_chain_file(pointer, certificate) == 1 else {
            throw .drain("the certificate \(certificate) can't be loaded")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM) == 1 else {
            throw .drain("the key \(key) can't be loaded")
        }
        guard unsafe SSL_CTX_check_private_key(pointer) == 1 else {
            throw .drain("the key \(key) does not belong to the certificate \(certificate)")
        }
        return handle
    }

    /// `SSL_OP_BIT`, whose uses Swift does not see: 17 is no compression, 22 the server's order of ciphers, 30 no
    /// renegotiation.
    private static func optionBit(_ number: UInt64) -> UInt64 { 1 << number }
}

/// Chooses `http/1.1` where the client offers it (RFC 7301); one that offers only others is told so by an alert.
private func chooseProtocol(
    _ session: OpaquePointer?, _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ outLength: UnsafeMutablePointer<UInt8>?, _ offers: UnsafePointer<UInt8>?, _ length: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let offers = unsafe offers else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let wanted = Array("http/1.1".utf8)
    var index = 0
    while index < Int(length) {
        let count = unsafe Int(offers[index])
        guard index + 1 + count <= Int(length) else { break }
        if unsafe count == wanted.count && memcmp(offers + index + 1, wanted, count) == 0 {
            unsafe out?.pointee = offers + index + 1
            unsafe outLength?.pointee = UInt8(count)
            return SSL_TLSEXT_ERR_OK
        }
        index += 1 + count
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

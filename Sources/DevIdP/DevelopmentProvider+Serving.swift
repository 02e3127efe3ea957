public import Base
internal import HTTP

extension DevelopmentProvider {
    /// Serves on the calling thread until the process is ended; there is nothing to finish first.
    ///
    /// - Parameters:
    ///   - address: `host:port` on loopback; port 0 lets the system choose.
    ///   - keysFile: where signing keys are kept from one start to the next.
    ///   - started: called with the address once requests are taken.
    /// - Throws: ``DevIdPError`` when the address or the file can't be used, `SystemError` when the process has no
    ///   descriptor left.
    public static func serve(
        _ address: String = "127.0.0.1:9000", keysFile: String? = nil, log: Logger = .silent,
        started: (_ address: String) -> Void = { _ in }
    ) throws {
        let listener = try listen(address)
        let loop = try EventLoop()
        let provider = try DevelopmentProvider(
            settings: DevIdPSettings(origin: "http://\(listener.address)", keysFile: keysFile), clock: loop.clock)
        let server = Server(loop: loop, listener: listener, handler: try Router(provider.routes), log: log)
        try server.start()
        started(listener.address)
        loop.run()
    }
}

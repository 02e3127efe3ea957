internal import Base
internal import DevIdP
internal import Dispatch
internal import HTTP

/// `vestibule dev-idp`.
enum DevIdPCommand: Command {
    static let name = "dev-idp"
    static let summary = "[--listen HOST:PORT] [--keys FILE]: an issuer for development and tests, loopback only"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config", "listen", "keys"])
        if let word = arguments.words.first { throw UsageError("dev-idp takes no \(word); see vestibule help") }
        let listener: Listener
        do {
            listener = try DevIdP.listen(arguments.flags["listen"] ?? "127.0.0.1:9000")
        } catch {
            throw UsageError(error.description)
        }
        let signals = SignalWaiter()
        let loop = try EventLoop()
        let settings = DevIdPSettings(origin: "http://\(listener.address)", keysFile: arguments.flags["keys"])
        let server = Server(loop: loop, listener: listener, handler: try Router(DevIdP(settings: settings).routes))
        try server.start()
        let confined = Confined(server)
        let ended = DispatchSemaphore(value: 0)
        BackgroundThread.start("dev-idp") {
            loop.run()
            ended.signal()
        }
        Console.say("the development IdP listens on http://\(listener.address); it vouches for anybody")
        signals.wait { $0 == .stop }
        loop.execute { confined.value.drain(deadline: .seconds(2)) { loop.stop() } }
        ended.wait()
        return .done
    }
}

internal import Base
internal import HTTP
internal import Postgres

/// `vestibule serve`.
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "[--listen HOST:PORT]: the service"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config", "listen"])
        if let word = arguments.words.first { throw UsageError("serve takes no \(word); see vestibule help") }
        var flags: [String: String] = [:]
        flags["VESTIBULE_LISTEN"] = arguments.flags["listen"]
        let configuration = try Configuration.read(flags: flags, filePath: arguments.flags["config"])
        let routes = try configuration.routeRules()
        if configuration.migrateOnStart { _ = try MigrateCommand.migrator(configuration).up() }
        let log = Logger(level: configuration.logLevel, format: configuration.logFormat)
        let listener: Listener
        do {
            listener = try Listener.bind(configuration.listen)
        } catch {
            Console.complain("\(error)")
            return .usage
        }
        let tls: TLSContext?
        do {
            tls = try configuration.tlsContext()
        } catch {
            Console.complain("VESTIBULE_TLS_CERT: \(error)")
            return .usage
        }
        // Signals are waited for on this thread; all others, made later, inherit that they are blocked.
        let signals = SignalWaiter()
        let group = try LoopGroup(count: configuration.threads)
        var state = SharedState(configuration, routes: routes, loop: group.first, tls: tls, log: log)
        try group.start(state, listener: listener)
        log.info("started", [.text("listen", listener.address), .number("threads", configuration.threads)])
        signals.wait { signal in
            switch signal {
            case .reload:
                state = reload(state, group, flags, arguments.flags["config"])
                return false
            case .stop: return true
            }
        }
        state.readiness.isDraining = true
        log.info("stopping")
        group.stop(listener)
        log.info("stopped")
        log.flush()
        return .done
    }

    /// Reads the configuration again. One that is wrong, or a certificate that can't be read, leaves the former in use.
    private static func reload(
        _ state: SharedState, _ group: LoopGroup, _ flags: [String: String], _ filePath: String?
    ) -> SharedState {
        var state = state
        do {
            var configuration = try Configuration.read(flags: flags, filePath: filePath)
            let waiting = configuration.keepPlace(of: state.configuration)
            let next = state.reloaded(configuration, routes: try configuration.routeRules())
            try group.reload(next)
            state = next
            if !waiting.isEmpty {
                state.log.warning("restart_needed", [.text("keys", waiting.joined(separator: ","))])
            }
            try state.tls?.reload()
            state.log.info("reloaded", [.flag("certificate", state.tls != nil)])
        } catch {
            let cause = (error as? ConfigurationProblems)?.sentences.joined(separator: " · ") ?? "\(error)"
            state.log.error("reload_failed", [.text("cause", cause)])
        }
        return state
    }
}

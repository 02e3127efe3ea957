internal import Base
internal import Glibc
internal import HTTP
internal import Outbound
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
        if geteuid() == 0 {
            log.warning(
                "runs_as_root",
                [.text("advice", "it needs no rights; run it as a user of its own")])
        }
        for advice in configuration.advice { log.warning("database_unprotected", [.text("advice", advice)]) }
        // Signals are waited for on this thread; all others, made later, inherit that they are blocked.
        let signals = SignalWaiter()
        let group = try LoopGroup(count: configuration.threads)
        let state = SharedState(configuration, loop: group.first, tls: tls, log: log)
        let traces = try exporter(state)
        try group.start(state, listener: listener)
        traces?.start()
        log.info("started", [.text("listen", listener.address), .number("threads", configuration.threads)])
        var reloader = Reloader(
            flags: flags, filePath: arguments.flags["config"], group: group, tls: tls, log: log, state: state)
        signals.wait { signal in
            switch signal {
            case .reload:
                reloader.reload()
                return false
            case .stop: return true
            }
        }
        state.readiness.isDraining = true
        log.info("stopping")
        group.stop(listener)
        traces?.stop(within: .seconds(3))
        log.info("stopped")
        log.flush()
        return .done
    }

    private static func exporter(_ state: SharedState) throws -> TraceExporter? {
        guard let tracer = state.tracer, let export = state.configuration.traces?.export else { return nil }
        return try TraceExporter(
            tracer, export, version: Vestibule.version, metrics: state.metrics, log: state.log)
    }
}

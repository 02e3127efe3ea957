internal import Base
internal import HTTP

/// What SIGHUP does: the configuration is read again from where it came, and the certificate. All of it is good and
/// counts, or nothing changes.
struct Reloader {
    private let flags: [String: String]
    private let filePath: String?
    private let group: LoopGroup
    private let tls: TLSContext?
    private let log: Logger
    private let started: Configuration
    private var state: SharedState

    init(
        flags: [String: String], filePath: String?, group: LoopGroup, tls: TLSContext?, log: Logger, state: SharedState
    ) {
        (self.flags, self.filePath, self.group, self.tls) = (flags, filePath, group, tls)
        (self.log, self.state, started) = (log, state, state.configuration)
    }

    /// Reads all anew; the log tells what came of it.
    mutating func reload() {
        do {
            let configuration = try Configuration.read(flags: flags, filePath: filePath)
            try tls?.reload()
            let change = ConfigurationChange(from: state.configuration, to: configuration)
            let sinceStart = ConfigurationChange(from: started, to: configuration)
            let fresh = state.with(configuration)
            try group.reload(fresh)
            state = fresh
            state.settle()
            log.info(
                "reloaded",
                [
                    .flag("certificate", tls != nil), .text("changed", change.reloadable.joined(separator: " ")),
                    .text("need_restart", sinceStart.needingRestart.joined(separator: " ")),
                ])
        } catch let problems as ConfigurationProblems {
            refuse(problems.sentences.joined(separator: "; "))
        } catch {
            refuse("\(error)")
        }
    }

    private func refuse(_ cause: String) {
        log.error("reload_failed", [.text("cause", cause), .text("advice", "the former configuration stays in use")])
    }
}

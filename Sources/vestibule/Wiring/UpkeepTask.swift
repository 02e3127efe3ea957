internal import Accounts
internal import Base
internal import Outbound
internal import Postgres
internal import Storage

/// Has upkeep done from time to time, on the first loop. Instances come at different moments, by chance.
final class UpkeepTask {
    private let loop: EventLoop
    private let upkeep: Upkeep
    private let dns: DNSResolver
    private let seconds: Int64
    private var timer: LoopTimer?
    private var isStopped = false

    /// - Returns: nil where the configuration says that this instance does none.
    init?(loop: EventLoop, database: Database, state: SharedState) throws {
        let configuration = state.configuration
        guard configuration.upkeepSeconds > 0 else { return nil }
        self.loop = loop
        seconds = configuration.upkeepSeconds
        dns = DNSResolver(loop: loop, settings: try LoopService.dnsSettings(configuration))
        upkeep = Upkeep(
            store: UpkeepRepository(database: database), proof: dns,
            auditDays: configuration.auditDays, loginDays: configuration.loginDays, metrics: state.metrics,
            log: state.log)
    }

    func start() {
        // All that were started together must not come together.
        schedule(after: Self.share(of: seconds, from: 0, to: 1))
    }

    func stop() {
        isStopped = true
        timer?.cancel()
        dns.close()
    }

    private func schedule(after delay: Duration) {
        if isStopped { return }
        timer = loop.schedule(after: delay) { [weak self] in
            guard let self else { return }
            loop.spawn { [self] in
                await upkeep.round()
                schedule(after: Self.share(of: seconds, from: 0.9, to: 1.1))
            }
        }
    }

    private static func share(of seconds: Int64, from least: Double, to most: Double) -> Duration {
        .milliseconds(Int64(Double(seconds) * 1000 * Double.random(in: least...most)))
    }
}

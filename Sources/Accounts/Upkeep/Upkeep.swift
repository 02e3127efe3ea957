public import Base

/// Does what has to be done again and again. One a process.
public final class Upkeep {
    private let store: any UpkeepStore
    private let proof: any DomainProof
    private let jobs: [UpkeepJob]
    private let metrics: MetricsRegistry
    private let log: Logger

    /// Puts the workflow together.
    ///
    /// - Parameters:
    ///   - auditDays: how many days of the audit log are kept; nil: all.
    ///   - loginDays: how many days of logins are kept; nil: all.
    public init(
        store: any UpkeepStore, proof: any DomainProof, auditDays: Int64?, loginDays: Int64?, metrics: MetricsRegistry,
        log: Logger
    ) {
        self.store = store
        self.proof = proof
        jobs = [.logMonths(auditDays: auditDays, loginDays: loginDays), .invites, .notices, .leftovers]
        self.metrics = metrics
        self.log = log
    }

    /// One round: each job that is due, then the proofs of domains. What fails is tried again in the next round, and
    /// keeps nothing else from being done.
    public func round() async {
        for job in jobs {
            do throws(Problem) {
                guard let count = try await store.run(job) else { continue }
                finished(job.name, count)
            } catch {
                failed(job.name, error)
            }
        }
        do throws(Problem) {
            let due = try await store.takeDueDomains()
            for domain in due { try await look(at: domain) }
            if !due.isEmpty { finished("domains", Int64(due.count)) }
        } catch {
            failed("domains", error)
        }
    }

    private func look(at domain: DueDomain) async throws(Problem) {
        switch await proof.textRecords(of: domain.recordName) {
        case .found(let records) where records.contains(domain.recordValue):
            try await store.proofFound(domain)
        case .found:
            let isLost = try await store.proofMissing(domain)
            log.warning(
                isLost ? "domain_proof_lost" : "domain_proof_missing",
                [.id("org_id", domain.orgID), .id("domain_id", domain.id), .text("record", domain.recordName)])
            if isLost { counter("vestibule_domain_proofs_lost_total", "Domains that let nobody in any more").add() }
        case .unavailable(let reason):
            try await store.proofUnknown(domain)
            log.warning("domain_proof_unknown", [.id("domain_id", domain.id), .text("cause", reason)])
        }
    }

    private func finished(_ job: String, _ count: Int64) {
        runs(job, "done").add()
        metrics.counter(
            "vestibule_upkeep_things_total", "Things that upkeep made, changed or removed", labels: ["job": job]
        ).add(Int(clamping: count))
        if count > 0 { log.info("upkeep", [.text("job", job), .number("count", count)]) }
    }

    private func failed(_ job: String, _ problem: Problem) {
        runs(job, "failed").add()
        log.warning("upkeep_failed", [.text("job", job), .text("cause", problem.cause ?? problem.message)])
    }

    private func runs(_ job: String, _ outcome: String) -> Counter {
        metrics.counter(
            "vestibule_upkeep_runs_total", "Upkeep that this instance did", labels: ["job": job, "outcome": outcome])
    }

    private func counter(_ name: String, _ help: String) -> Counter { metrics.counter(name, help) }
}

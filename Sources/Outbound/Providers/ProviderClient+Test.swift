public import Accounts
internal import Base
public import Tokens

extension ProviderClient: ProviderProbe {
    /// Tests an issuer's configuration over new connections: each step with its outcome and how long it took.
    public func test(_ policy: IssuerPolicy) async -> ProviderReport {
        let http = self.http.fresh()
        defer { http.close() }
        var report = ProviderReport()
        await ProviderClient(http: http, loop: loop, access: access).test(policy, &report)
        report.complete()
        return report
    }

    private func test(_ policy: IssuerPolicy, _ report: inout ProviderReport) async {
        do throws(ProviderError) {
            let url = try access.issuer(of: policy)
            report.add(.url, .passed, "\(url.host), port \(url.port).")
        } catch {
            return report.add(.url, .failed, error.message)
        }
        var timings: FetchTimings?
        var date: Timestamp?
        do throws(ProviderError) {
            let discovery = try await discovery(of: policy)
            (timings, date) = (discovery.timings, discovery.date)
            report.add(.discovery, .passed, "The document was read.", discovery.timings.total)
            report.add(.issuer, .passed, "It names the configured issuer.")
        } catch {
            if case .fetch(let failure) = error { timings = failure.timings }
            let isMismatch = if case .issuerMismatch = error { true } else { false }
            if isMismatch {
                report.add(.discovery, .passed, "The document was read.")
                report.add(.issuer, .failed, error.message)
            } else {
                // Keys may be found without it, where the issuer at least answers.
                let isNeeded = error.status == nil && policy.provider != .okta && policy.jwksURL == nil
                report.add(.discovery, isNeeded ? .failed : .warning, error.message, timings?.total)
            }
            reportConnection(failure: error, &report)
        }
        do throws(ProviderError) {
            let set = try await keySet(of: policy)
            timings = timings ?? set.timings
            date = date ?? set.date
            let skipped = set.keys.skipped.count
            report.add(
                .keySet, skipped == 0 ? .passed : .warning,
                "\(set.keys.keys.count) usable keys at \(set.url)"
                    + (skipped == 0 ? "." : "; \(skipped) can't be used."),
                set.timings.total)
            reportAlgorithms(policy, set.keys, &report)
        } catch {
            if case .fetch(let failure) = error { timings = timings ?? failure.timings }
            report.add(.keySet, .failed, error.message)
            reportConnection(failure: error, &report)
        }
        reportTimings(timings, policy, &report)
        reportClock(date, &report)
    }

    /// The step at which a failed request ended, unless it is reported already.
    private func reportConnection(failure: ProviderError, _ report: inout ProviderReport) {
        guard case .fetch(let error) = failure else { return }
        let step: ProviderReport.Step.Name? =
            switch error.kind {
            case .dns: .dns
            case .connect, .addressRefused: .connect
            case .tls: .tls
            default: nil
            }
        guard let step, !report.steps.contains(where: { $0.name == step }) else { return }
        report.add(step, .failed, error.message)
    }

    private func reportTimings(_ timings: FetchTimings?, _ policy: IssuerPolicy, _ report: inout ProviderReport) {
        func add(_ name: ProviderReport.Step.Name, _ duration: Duration?, _ message: String) {
            guard let duration, !report.steps.contains(where: { $0.name == name }) else { return }
            report.add(name, .passed, message, duration)
        }
        add(.dns, timings?.dns, "The host's name was resolved.")
        add(.connect, timings?.connect, "A connection was made.")
        add(.tls, timings?.tls, "The certificate is trusted.")
        if policy.issuer.hasPrefix("http://"), !report.steps.contains(where: { $0.name == .tls }) {
            report.add(.tls, .skipped, "The issuer is spoken to without TLS.")
        }
    }

    private func reportAlgorithms(_ policy: IssuerPolicy, _ keys: KeySet, _ report: inout ProviderReport) {
        let usable = keys.keys.filter { key in policy.algorithms.contains(where: key.fits) }
        if usable.isEmpty {
            report.add(.algorithms, .failed, "No key fits an algorithm that is allowed for the issuer.")
        } else {
            report.add(.algorithms, .passed, "\(usable.count) of \(keys.keys.count) keys fit the allowed algorithms.")
        }
    }

    private func reportClock(_ date: Timestamp?, _ report: inout ProviderReport) {
        guard let date else { return report.add(.clock, .skipped, "The issuer does not say what time it is.") }
        let difference = date.seconds - loop.clock.wall().seconds
        let words = "The issuer's clock is \(abs(difference)) s \(difference < 0 ? "behind" : "ahead")."
        report.add(.clock, abs(difference) <= 30 ? .passed : .warning, words)
    }
}

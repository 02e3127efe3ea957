internal import Base
internal import Tokens

/// One issuer as the worker keeps it. Belongs to the keeper's loop.
final class IssuerKeys {
    var policy: IssuerPolicy
    var refresh: KeyRefresh
    /// What the issuer last published, with what was taken out of it.
    var published: KeySet?
    /// Who waits for the fetch under way.
    var waiting: [() -> Void] = []
    var timer: LoopTimer?
    /// An issuer that left the configuration: what a fetch brings is not wanted any more.
    var isGone = false

    init(_ policy: IssuerPolicy, rules: KeyRefreshRules, now: Instant) {
        self.policy = policy
        refresh = KeyRefresh(rules: rules, now: now)
    }

    /// Whether keys of the other policy are these keys too.
    func sharesKeys(with other: IssuerPolicy) -> Bool {
        policy.issuer == other.issuer && policy.provider == other.provider && policy.jwksURL == other.jwksURL
    }

    /// What tokens are verified with: the set without what was taken out.
    var usable: KeySet? { published?.dropping(policy.droppedKeys) }

    func resumeAll() {
        let calls = waiting
        waiting.removeAll()
        for call in calls { call() }
    }
}

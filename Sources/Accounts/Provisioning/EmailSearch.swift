/// Goes through the sources of an e-mail in their order until one is certain.
struct EmailSearch {
    /// The best evidence so far.
    private(set) var found: EmailEvidence?
    /// Where it is from.
    private(set) var source: EmailSource?

    /// Whether further sources should be asked.
    func isOpen(mustBeVerified: Bool) -> Bool {
        guard let found else { return true }
        return mustBeVerified && found.standing == .unknown
    }

    /// Takes what a source says. An earlier source that is certain, yes or no, stands.
    mutating func take(_ evidence: EmailEvidence?, from source: EmailSource) {
        guard let evidence else { return }
        if let found {
            guard found.standing == .unknown else { return }
            let isCertain = evidence.isVerified || (evidence.standing == .denied && evidence.address == found.address)
            guard isCertain else { return }
        }
        found = evidence
        self.source = source
    }
}

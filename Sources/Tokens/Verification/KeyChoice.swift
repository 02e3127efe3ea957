internal import Base

/// Chooses the keys that a token may have been signed with: of its own issuer, by its id, fit for its algorithm.
enum KeyChoice {
    static func candidates(
        _ header: TokenHeader, _ issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> [VerificationKey] {
        let keys = try available(issuer, &record)
        guard let id = header.keyID else { return try theOnlyFit(header.algorithm, keys, issuer, &record) }
        let named = keys.keys(withID: id)
        let isSkipped = named.isEmpty && keys.skips(id: id)
        let isKnown = !named.isEmpty || isSkipped
        let isDropped = issuer.policy.droppedKeys.contains(id)
        try note(
            isKnown, "a key of the issuer named \"\(id)\"",
            isDropped ? "an administrator dropped it" : "\(named.count) such keys", header, issuer, &record)
        let fitting = named.filter { $0.fits(header.algorithm) }
        try record.require(
            .keyFits, !fitting.isEmpty, expected: "a key that can be used with \(header.algorithm.rawValue)",
            actual: isSkipped ? skipWords(keys, id) : "\(fitting.count) of \(named.count)")
        return fitting
    }

    private static func available(
        _ issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> KeySet {
        do {
            return try record.require(
                .keysAvailable, issuer.keys, expected: "keys of the issuer",
                actual: issuer.keys == nil ? "none were fetched, or they are too old" : "they are at hand")
        } catch {
            throw .keysMissing(issuer: issuer.policy.issuer)
        }
    }

    /// Without a `kid` there must be no doubt.
    private static func theOnlyFit(
        _ algorithm: Algorithm, _ keys: KeySet, _ issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> [VerificationKey] {
        let fitting = keys.keys.filter { $0.fits(algorithm) }
        try record.require(
            .key, fitting.count == 1, expected: "exactly one key for \(algorithm.rawValue), because there is no kid",
            actual: "\(fitting.count) keys")
        return fitting
    }

    private static func note(
        _ isKnown: Bool, _ expected: @autoclosure () -> String, _ actual: @autoclosure () -> String,
        _ header: TokenHeader, _ issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        do {
            try record.require(.key, isKnown, expected: expected(), actual: actual())
        } catch {
            throw .keyUnknown(issuer: issuer.policy.issuer, kid: header.keyID)
        }
    }

    private static func skipWords(_ keys: KeySet, _ id: String) -> String {
        keys.skipped.first { $0.id == id }.map { "a key that is not used: \($0.reason)" } ?? "none"
    }
}

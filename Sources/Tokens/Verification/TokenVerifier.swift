public import Base

/// Verifies tokens. One for each loop: it keeps the library's contexts and is not thread-safe.
public final class TokenVerifier {
    /// The leeway for `exp`, `nbf` and `iat`, in seconds.
    public let clockSkew: Int64

    private let signatures = SignatureVerifier()
    private var headers = HeaderMemory()

    /// A verifier with the given leeway in seconds; a negative one counts as none.
    public init(clockSkew: Int64 = 60) {
        self.clockSkew = max(0, clockSkew)
    }

    /// Holds a token against everything that is asked of it.
    ///
    /// - Parameters:
    ///   - token: The bytes as they were sent, without the scheme.
    ///   - purpose: What the token is presented for.
    ///   - trust: Whom to trust, with which keys.
    ///   - now: The wall clock's time.
    public func verify(
        _ token: Span<UInt8>, as purpose: TokenPurpose = .caller, trust: TrustStore, now: Timestamp
    ) -> Verdict {
        var record = NoRecord()
        do throws(VerificationStop) {
            return .verified(try run(token, purpose, trust, now, &record))
        } catch {
            return TokenVerifier.verdict(error)
        }
    }

    /// Makes the very same checks and tells of each; for an administrator, not for a caller.
    ///
    /// Where a check fails behind which others can be made, they are made, so that all that is wrong is seen at once.
    public func examine(
        _ token: Span<UInt8>, as purpose: TokenPurpose = .caller, trust: TrustStore, now: Timestamp
    ) -> Examination {
        var record = FullRecord()
        let verdict: Verdict
        do throws(VerificationStop) {
            let verified = try run(token, purpose, trust, now, &record)
            verdict = record.firstRejection.map(Verdict.rejected) ?? .verified(verified)
        } catch {
            // What failed first is what the caller is told.
            let last = TokenVerifier.verdict(error)
            if let first = record.firstRejection, first.check != .key, first.check != .keysAvailable {
                verdict = .rejected(first)
            } else {
                verdict = last
            }
        }
        return Examination(verdict: verdict, made: record.reports)
    }

    /// The whole sequence. Up to the key nothing but the token's bytes and the configuration is looked at, and the
    /// signature, which costs more than everything else together, comes last.
    private func run<Recorder: CheckRecorder>(
        _ token: Span<UInt8>, _ purpose: TokenPurpose, _ trust: TrustStore, _ now: Timestamp, _ record: inout Recorder
    ) throws(VerificationStop) -> VerifiedToken {
        let compact = try CompactToken(token, &record)
        let headerText = token.extracting(0..<compact.headerEnd)
        let known = Recorder.keepsRecord ? nil : headers.find(headerText, purpose)
        let parts = try compact.decode(token, withHeader: known == nil, &record)
        let header = if let known { known } else { try TokenHeader(parts.header, purpose, &record) }
        let claims = try record.require(
            .claims, TokenHeader.object(parts.payload), expected: "a JSON object without duplicate members",
            actual: TokenHeader.whyNoObject(parts.payload))
        let issuer = try trusted(claims, trust, now, &record)
        try record.hold(
            .algorithmAllowed, issuer.policy.algorithms.contains(header.algorithm),
            expected: issuer.policy.algorithms.map(\.rawValue).sorted().joined(separator: ", "),
            actual: header.algorithm.rawValue)
        let times = try TokenTimes(
            claims, mustExpire: !purpose.isEvent, now: now, skew: clockSkew, &record)
        let tokenClass = try classify(claims, header, purpose, issuer, &record)
        let verified = try ClaimReader.read(claims, tokenClass, times, purpose: purpose, issuer: issuer, &record)
        let keys = try KeyChoice.candidates(header, issuer, &record)
        let signed = token.extracting(0..<compact.payloadEnd)
        try record.hold(
            .signature,
            keys.contains { signatures.verify(parts.signature, of: signed, key: $0, algorithm: header.algorithm) },
            expected: "a signature of the issuer's key", actual: "\(parts.signature.count) bytes")
        if known == nil, !Recorder.keepsRecord { headers.keep(header, headerText, purpose) }
        return VerifiedToken(verified, trusted: issuer, payload: parts.payload)
    }

    /// `iss`, letter by letter, and the grace of a former issuer.
    private func trusted(
        _ claims: JSON, _ trust: TrustStore, _ now: Timestamp, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> TrustedIssuer {
        let name = claims["iss"]
        let issuer = try record.require(
            .issuer, name?.string.flatMap(trust.issuer),
            expected: trust.all.map(\.policy.issuer).joined(separator: ", "), actual: name.words)
        let end = issuer.policy.acceptedUntil
        try record.hold(
            .issuerGrace, end.map { now < $0 } ?? true, expected: end.map { "before \($0)" } ?? "no end",
            actual: "\(now)")
        return issuer
    }

    private func classify(
        _ claims: JSON, _ header: TokenHeader, _ purpose: TokenPurpose, _ issuer: TrustedIssuer,
        _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> TokenClass {
        let found = issuer.policy.provider.classify(
            claims, typedAccess: header.isTypedAccessToken, purpose: purpose, issuer: issuer)
        switch found {
        case .accepted(let tokenClass):
            try record.require(.tokenClass, true, expected: "an accepted class", actual: tokenClass.rawValue)
            return tokenClass
        case .refused(let reason):
            try record.require(
                .tokenClass, false, refusedClass: reason, expected: reason.message, actual: reason.rawValue)
            throw .rejected(TokenRejection(.tokenClass, refusedClass: reason))
        }
    }

    private static func verdict(_ stop: VerificationStop) -> Verdict {
        switch stop {
        case .rejected(let rejection): .rejected(rejection)
        case .keyUnknown(let issuer, let kid): .keyUnknown(issuer: issuer, kid: kid)
        case .keysMissing(let issuer): .keysMissing(issuer: issuer)
        }
    }
}

extension Array<UInt8> {
    /// The bytes of a span.
    init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

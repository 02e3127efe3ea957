/// Listens to the checks as they are made. The verifier listens with one that does nothing and is compiled away;
/// an examination with one that keeps all.
protocol CheckRecorder {
    /// Whether words for expected and actual are wanted; they are not made otherwise.
    static var keepsRecord: Bool { get }

    /// Notes a check that was made.
    mutating func note(_ report: CheckReport, rejection: TokenRejection?)
}

/// Why verifying ended before the end.
enum VerificationStop: Error {
    case rejected(TokenRejection)
    case keyUnknown(issuer: String, kid: String?)
    case keysMissing(issuer: String)
}

extension CheckRecorder {
    /// A check without which nothing behind it makes sense.
    @inline(__always)
    mutating func require(
        _ check: TokenCheck, _ holds: Bool, refusedClass: RefusedClass? = nil,
        expected: @autoclosure () -> String, actual: @autoclosure () -> String
    ) throws(VerificationStop) {
        if holds, !Self.keepsRecord { return }
        let rejection = report(check, holds, refusedClass, expected, actual)
        if let rejection { throw .rejected(rejection) }
    }

    /// A check of a value without which nothing behind it makes sense.
    @inline(__always)
    mutating func require<Value>(
        _ check: TokenCheck, _ value: Value?, expected: @autoclosure () -> String, actual: @autoclosure () -> String
    ) throws(VerificationStop) -> Value {
        try require(check, value != nil, expected: expected(), actual: actual())
        guard let value else { throw .rejected(TokenRejection(check)) }
        return value
    }

    /// A check behind which others can still be made: an examination goes on, to tell all that is wrong at once.
    @inline(__always)
    mutating func hold(
        _ check: TokenCheck, _ holds: Bool, expected: @autoclosure () -> String, actual: @autoclosure () -> String
    ) throws(VerificationStop) {
        if holds, !Self.keepsRecord { return }
        let rejection = report(check, holds, nil, expected, actual)
        if let rejection, !Self.keepsRecord { throw .rejected(rejection) }
    }

    private mutating func report(
        _ check: TokenCheck, _ holds: Bool, _ refusedClass: RefusedClass?, _ expected: () -> String,
        _ actual: () -> String
    ) -> TokenRejection? {
        guard Self.keepsRecord else { return TokenRejection(check, refusedClass: refusedClass) }
        let report = CheckReport(
            check: check, outcome: holds ? .passed : .failed, expected: expected(), actual: actual())
        let rejection =
            holds
            ? nil
            : TokenRejection(check, refusedClass: refusedClass, expected: report.expected, actual: report.actual)
        note(report, rejection: rejection)
        return rejection
    }
}

/// Keeps nothing.
struct NoRecord: CheckRecorder {
    static var keepsRecord: Bool { false }
    mutating func note(_ report: CheckReport, rejection: TokenRejection?) {}
}

/// Keeps every check that was made.
struct FullRecord: CheckRecorder {
    static var keepsRecord: Bool { true }
    private(set) var reports: [CheckReport] = []
    private(set) var firstRejection: TokenRejection?

    mutating func note(_ report: CheckReport, rejection: TokenRejection?) {
        reports.append(report)
        if firstRejection == nil { firstRejection = rejection }
    }
}

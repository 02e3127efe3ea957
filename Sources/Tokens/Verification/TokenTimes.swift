internal import Base

/// The times of a token (RFC 7519 §4.1.4 to §4.1.6), in whole microseconds.
struct TokenTimes {
    let expiresAt: Timestamp?
    let notBefore: Timestamp?
    let issuedAt: Timestamp?

    /// - Parameter mustExpire: Whether `exp` has to be there; only events may live without.
    init(
        _ claims: JSON, mustExpire: Bool, now: Timestamp, skew: Int64, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        let exp = NumericDate(claims["exp"])
        let nbf = NumericDate(claims["nbf"])
        let iat = NumericDate(claims["iat"])
        try record.require(
            .times, exp.isUsable && nbf.isUsable && iat.isUsable && (!mustExpire || exp.moment != nil),
            expected: "exp, and exp, nbf and iat numbers from 0 to 253402300799",
            actual: "exp \(claims["exp"].words), nbf \(claims["nbf"].words), iat \(claims["iat"].words)")
        expiresAt = exp.moment
        notBefore = nbf.moment
        issuedAt = iat.moment
        try record.hold(
            .expiry, exp.moment.map { now < $0.saturatingAdvance(bySeconds: skew) } ?? true,
            expected: "exp after \(now) less \(skew) s", actual: "exp \(exp.moment.words)")
        try record.hold(
            .notBefore, nbf.moment.map { now >= $0.saturatingAdvance(bySeconds: -skew) } ?? true,
            expected: "nbf not after \(now) plus \(skew) s", actual: "nbf \(nbf.moment.words)")
        try record.hold(
            .issuedAt, iat.moment.map { now >= $0.saturatingAdvance(bySeconds: -skew) } ?? true,
            expected: "iat not after \(now) plus \(skew) s", actual: "iat \(iat.moment.words)")
    }
}

/// A NumericDate (RFC 7519 §2): seconds since the epoch, with or without a fraction.
enum NumericDate {
    case absent
    case moment(Timestamp)
    case unusable

    /// The last second of the year 9999. A number above it is in milliseconds, or a mistake.
    static let latest: Int64 = 253_402_300_799

    init(_ value: JSON?) {
        guard let value else {
            self = .absent
            return
        }
        if let seconds = value.int, (0...NumericDate.latest).contains(seconds) {
            self = .moment(Timestamp(seconds: seconds))
        } else if value.int == nil, let seconds = value.double, seconds >= 0, seconds <= Double(NumericDate.latest) {
            self = .moment(Timestamp(microseconds: Int64(seconds * 1_000_000)))
        } else {
            self = .unusable
        }
    }

    var moment: Timestamp? {
        if case .moment(let moment) = self { moment } else { nil }
    }

    var isUsable: Bool {
        if case .unusable = self { false } else { true }
    }
}

extension Optional<Timestamp> {
    fileprivate var words: String { map(\.description) ?? "absent" }
}

public import Base
public import Tokens

/// What a token says about how and when the person signed in.
public struct SignIn: Sendable, Equatable {
    /// OAuth scopes.
    public var scopes: [String]
    /// `amr`, RFC 8176.
    public var amr: [String]
    /// `acr`.
    public var acr: String?
    /// Clerk's `fva`.
    public var factorAges: FactorAges?
    /// `auth_time`.
    public var authTime: Timestamp?
    /// `iat`, from which the ages of the factors count.
    public var issuedAt: Timestamp?

    /// States what is known.
    public init(
        scopes: [String] = [], amr: [String] = [], acr: String? = nil, factorAges: FactorAges? = nil,
        authTime: Timestamp? = nil, issuedAt: Timestamp? = nil
    ) {
        self.scopes = scopes
        self.amr = amr
        self.acr = acr
        self.factorAges = factorAges
        self.authTime = authTime
        self.issuedAt = issuedAt
    }

    /// What a verified token says.
    public init(_ token: VerifiedToken) {
        self.init(
            scopes: token.scopes, amr: token.amr, acr: token.acr, factorAges: token.factorAges,
            authTime: token.authTime, issuedAt: token.issuedAt)
    }

    /// Whether the person showed factors of more than one kind: `amr` says so or lists them (RFC 8176 §2), `acr` is a
    /// class that demands it, or Clerk's `fva` has a second one.
    public var hasSeveralFactors: Bool {
        if amr.contains("mfa") { return true }
        if Set(amr.compactMap { Self.kinds[$0] }).count > 1 { return true }
        if let acr, Self.severalFactorClasses.contains(acr) { return true }
        return factorAges?.second != nil
    }

    /// Seconds since the person signed in; nil where the token does not say.
    ///
    /// - Parameter withSecondFactor: whether the second factor's age counts too, where the token has it.
    public func age(at now: Timestamp, withSecondFactor: Bool) -> Int64? {
        if let authTime { return now.seconds - authTime.seconds }
        guard let factorAges, let first = factorAges.first, let issuedAt else { return nil }
        let minutes = withSecondFactor ? max(first, factorAges.second ?? first) : first
        return now.seconds - issuedAt.seconds + Int64(minutes) * 60
    }

    private enum Kind { case knowledge, possession, inherence }

    /// The kinds of the methods of RFC 8176 §2 that are a factor each.
    private static let kinds: [String: Kind] = [
        "pwd": .knowledge, "pin": .knowledge, "kba": .knowledge,
        "otp": .possession, "hwk": .possession, "swk": .possession, "sms": .possession, "tel": .possession,
        "sc": .possession, "pop": .possession,
        "fpt": .inherence, "face": .inherence, "iris": .inherence, "retina": .inherence, "vbm": .inherence,
    ]

    /// Classes that can't be reached with one factor.
    private static let severalFactorClasses: Set<String> = [
        "urn:okta:loa:2fa:any", "https://refeds.org/profile/mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "mfa", "aal2", "aal3",
    ]
}

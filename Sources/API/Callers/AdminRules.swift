internal import Accounts
internal import Base

/// What administrators of the platform must show besides their role before they change something.
public struct AdminRules: Sendable {
    /// Whether a second factor is needed.
    public var needsMFA: Bool
    /// Seconds since the sign-in at most; nil for any time.
    public var maximumAge: Int64?

    /// Asks for nothing more than the role where nothing is said.
    public init(needsMFA: Bool = false, maximumAge: Int64? = nil) {
        self.needsMFA = needsMFA
        self.maximumAge = maximumAge
    }

    /// Why somebody who signed in like this may change nothing: `mfa_required` or `login_too_old`; nil when they may.
    func problem(_ signIn: SignIn, now: Timestamp) -> Problem? {
        if needsMFA, !signIn.hasSeveralFactors {
            return Problem(.mfaRequired, "A second factor is needed for this. Sign in with one and try again.")
        }
        guard let maximumAge else { return nil }
        if let age = signIn.age(at: now, withSecondFactor: needsMFA), age <= maximumAge { return nil }
        return Problem(.loginTooOld, "The sign-in is too long ago for this. Sign in again.")
    }
}

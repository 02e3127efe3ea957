public import Base
public import Tokens

/// Gives people a second way to sign in, for whoever proves both at once. One a loop.
public final class Linking {
    /// How long ago both sign-ins may have been, in seconds: a token that was left lying about links nothing.
    public static let maximumAge: Int64 = 900

    private let store: any IdentityStore
    private let clock: Clock

    /// Puts the workflow together.
    public init(store: any IdentityStore, clock: Clock) {
        self.store = store
        self.clock = clock
    }

    /// Links the identity of a second verified token. Its e-mail need not be the user's.
    ///
    /// - Parameters:
    ///   - first: the token that the caller is signed in with.
    ///   - second: a token of the identity to be linked.
    /// - Throws: 403 `login_too_old` for a sign-in that is not fresh; 409 `identity_conflict` for somebody else's.
    public func link(
        _ caller: Caller, first: VerifiedToken, second: VerifiedToken
    ) async throws(Problem) -> OwnIdentity {
        try mustBeFresh(first, "you are signed in with")
        try mustBeFresh(second, "to be linked")
        let identity = Identity(second)
        guard identity.subject.unicodeScalars.count <= Identity.maximumSubject else {
            throw Problem(
                .tokenClaimsInvalid, "The token's subject is longer than \(Identity.maximumSubject) characters.")
        }
        let email = EmailEvidence(second).flatMap { $0.isVerified ? $0.address : nil }
        return try await store.link(
            caller, id: EntityID.make(clock), identity, email: email, details: PersonDetails(second.person).withFullName
        )
    }

    private func mustBeFresh(_ token: VerifiedToken, _ which: String) throws(Problem) {
        let now = clock.wall()
        let signIn = SignIn(token)
        // Where a token doesn't say when the person signed in, it counts when it was made.
        let age = signIn.age(at: now, withSecondFactor: false) ?? token.issuedAt.map { now.seconds - $0.seconds }
        guard let age, age <= Self.maximumAge else {
            throw Problem(
                .loginTooOld,
                "The sign-in of the token \(which) is older than \(Self.maximumAge / 60) minutes. Sign in again.")
        }
    }
}

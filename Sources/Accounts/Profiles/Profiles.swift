public import Base

/// What people do with their own profile. One a loop.
public final class Profiles {
    private let store: any AccountStore
    private let provisioning: Provisioning

    /// Puts the workflow together.
    public init(store: any AccountStore, provisioning: Provisioning) {
        self.store = store
        self.provisioning = provisioning
    }

    /// The profile of whoever asks: one round trip for somebody known, a first login for somebody new.
    ///
    /// An invite or a domain that waits for a known person is taken up first.
    ///
    /// - Throws: 403 `user_deactivated` and what provisioning refuses with; 503 while the database is away.
    public func me(_ login: Login) async throws(Problem) -> OwnProfile {
        if let own = try await store.ownProfile(of: Identity(login.token)) {
            guard own.isUsable else { throw ProvisioningDecision.Refusal.userDeactivated.problem }
            if !own.isAdmissionWaiting { return own }
        }
        return OwnProfile(try await provisioning.provision(login).account)
    }
}

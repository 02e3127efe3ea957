/// What a successful login answers.
public struct Provisioned: Sendable {
    /// The account as it is after the login's writes, read in the same transaction.
    public let account: Account
    /// By which rule the person came in, and where it led.
    public let admission: ProvisioningDecision.Admission

    /// Whether the user was made by this login: the answer is 201 then, else 200.
    public var isNewUser: Bool { admission.isNewUser }
    /// The account as the authorizer sees it.
    public var principal: Principal { account.principal }

    /// Puts the answer together.
    public init(account: Account, admission: ProvisioningDecision.Admission) {
        self.account = account
        self.admission = admission
    }
}

/// What a login would lead to, found out by doing it and undoing it.
public struct ProvisioningExplanation: Sendable {
    /// What the login says about the person.
    public let claims: LoginClaims
    /// Where the e-mail was found.
    public let emailSource: EmailSource?
    /// What the database knows.
    public let facts: LoginFacts
    /// What would become of the login.
    public let decision: ProvisioningDecision
}

/// Where the e-mail of a login was found.
public enum EmailSource: String, Sendable, CaseIterable {
    /// In the claims of the request's token.
    case token
    /// In the claims of the verified ID token that came with it.
    case idToken = "id_token"
    /// At the issuer: userinfo, or Clerk's Backend API.
    case provider
    /// In a webhook that the provider sent earlier.
    case webhook
}

public import Base

/// Where accounts are kept. One for each loop.
public protocol AccountStore: AnyObject {
    /// The account of an identity, in one round trip; nil when nobody has signed in with it.
    ///
    /// - Throws: `database_unavailable` while the database is away, `overloaded` when no connection is free.
    func account(of identity: Identity) async throws(Problem) -> Account?

    /// The accounts of several identities, in one round trip and in any order; who has none is left out.
    ///
    /// - Throws: what ``account(of:)`` throws.
    func accounts(of identities: [Identity]) async throws(Problem) -> [Account]

    /// The part of the account that its owner is shown, in one round trip; nil when nobody has signed in with it.
    ///
    /// - Throws: what ``account(of:)`` throws.
    func ownProfile(of identity: Identity) async throws(Problem) -> OwnProfile?

    /// Decides about a login and writes what follows from it, in one transaction of two round trips: the facts under
    /// locks, then the writes, the auth event and the commit. A refusal commits its auth event only.
    ///
    /// The decision may be asked for again when the transaction met another one and starts over.
    ///
    /// - Throws: `database_unavailable`, `overloaded`, `internal_error`. Nothing is written then, except where the
    ///   connection died during the commit: then everything or nothing is, and the login may simply come again.
    func provision(
        _ attempt: LoginAttempt, decide: (LoginFacts) -> ProvisioningDecision
    ) async throws(Problem) -> LoginResult
}

extension AccountStore {
    /// The accounts one by one.
    public func accounts(of identities: [Identity]) async throws(Problem) -> [Account] {
        var found: [Account] = []
        for identity in identities {
            if let account = try await account(of: identity) { found.append(account) }
        }
        return found
    }

    /// The part of the whole account.
    public func ownProfile(of identity: Identity) async throws(Problem) -> OwnProfile? {
        try await account(of: identity).map(OwnProfile.init)
    }
}

/// A login as the store needs to know it.
public struct LoginAttempt: Sendable {
    /// Who signs in.
    public var identity: Identity
    /// The e-mail by which invites, domains and users are looked for; nil: the stored one of the identity's user.
    public var email: EmailAddress?
    /// The request's id, for audit and auth event.
    public var requestID: String
    /// Where the request came from, for audit and auth event.
    public var clientAddress: IPAddress?
    /// The digest of the token of an invite's link, where the person holds one.
    public var inviteDigest: [UInt8]?
    /// Whether everything is to be undone at the end.
    public var isDryRun: Bool

    /// Describes a login.
    public init(
        identity: Identity, email: EmailAddress?, requestID: String, clientAddress: IPAddress? = nil,
        inviteDigest: [UInt8]? = nil, isDryRun: Bool = false
    ) {
        self.identity = identity
        self.email = email
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.inviteDigest = inviteDigest
        self.isDryRun = isDryRun
    }
}

/// What the store did with a login.
public struct LoginResult: Sendable {
    /// The facts on which the decision was made.
    public let facts: LoginFacts
    /// The decision.
    public let decision: ProvisioningDecision
    /// The account after the writes; nil when the login was refused.
    public let account: Account?

    /// States the result.
    public init(facts: LoginFacts, decision: ProvisioningDecision, account: Account?) {
        self.facts = facts
        self.decision = decision
        self.account = account
    }
}

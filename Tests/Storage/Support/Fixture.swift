import Accounts
import Base
import Postgres
import Storage
import Support
import Testing
import Tokens

/// Makes orgs, invites and domains by SQL, and logs people in through the store.
struct Fixture {
    let database: TestDatabase

    init() throws {
        database = try TestDatabase()
    }

    @discardableResult
    func org(_ slug: String) throws -> EntityID {
        let id = EntityID.make()
        try database.sql("INSERT INTO org (id, name, slug) VALUES ('\(id)', 'Org \(slug)', '\(slug)')")
        return id
    }

    @discardableResult
    func invite(
        _ email: String, to org: EntityID, role: OrgRole = .user, expires: String = "1 day", ago: String = "0 s"
    ) throws -> EntityID {
        let id = EntityID.make()
        try database.sql(
            """
            INSERT INTO org_invites (id, org_id, email, role, expires_at, created_at)
            VALUES ('\(id)', '\(org)', '\(email)', '\(role.rawValue)', now() + interval '\(expires)',
                now() - interval '\(ago)')
            """)
        return id
    }

    func domain(
        _ domain: String, of org: EntityID, role: OrgRole = .user, verified: Bool = true, auto: Bool = true
    ) throws {
        try database.sql(
            """
            INSERT INTO org_email_domains (org_id, domain, default_role, verification_token, is_verified, verified_at,
                auto_provision)
            VALUES ('\(org)', '\(domain)', '\(role.rawValue)', 'abcdefghijklmnop', \(verified), now(), \(auto))
            """)
    }

    /// A user made by another system, without identity.
    func user(_ email: String, profile: Bool = true) throws -> EntityID {
        let id = EntityID.make()
        try database.sql("INSERT INTO auth.users (id, email) VALUES ('\(id)', '\(email)')")
        if profile { try database.sql("INSERT INTO profiles (user_id, email) VALUES ('\(id)', '\(email)')") }
        return id
    }

    /// Marks that there is a platform owner, so that nobody else becomes one.
    func ownerExists() throws {
        try database.sql("INSERT INTO platform_bootstrap (user_id) VALUES (gen_random_uuid())")
    }

    static func identity(_ subject: String, issuer: String = "https://issuer.example") -> Identity {
        Identity(provider: .okta, issuer: issuer, subject: subject)
    }

    /// One login on the given store.
    static func login(
        _ store: AccountRepository, _ subject: String, _ email: String?, issuer: String = "https://issuer.example",
        settings: ProvisioningSettings = ProvisioningSettings(), person: PersonDetails = .unknown,
        isDryRun: Bool = false
    ) async throws -> LoginResult {
        let address = email.flatMap { EmailAddress($0) }
        let claims = LoginClaims(
            identity: identity(subject, issuer: issuer), email: address.map { EmailEvidence($0, .confirmed) },
            person: person, now: Clock.system.wall())
        let attempt = LoginAttempt(
            identity: claims.identity, email: address, requestID: "request-1", clientAddress: IPAddress("192.0.2.7"),
            isDryRun: isDryRun)
        return try await store.provision(attempt) { facts in
            ProvisioningRules.decide(claims, facts, settings) { EntityID.make() }
        }
    }

    /// One login on a loop of its own.
    func login(
        _ subject: String, _ email: String?, issuer: String = "https://issuer.example",
        settings: ProvisioningSettings = ProvisioningSettings(), person: PersonDetails = .unknown,
        isDryRun: Bool = false
    ) async throws -> LoginResult {
        let database = database
        return try await onLoop(within: .seconds(60)) { loop in
            let handle = database.open(on: loop)
            defer { handle.close() }
            return try await Self.login(
                AccountRepository(database: handle, requireVerifiedEmail: true), subject, email, issuer: issuer,
                settings: settings, person: person, isDryRun: isDryRun)
        }
    }
}

extension LoginResult {
    /// The admission, or a test failure.
    var admitted: ProvisioningDecision.Admission? {
        if case .admit(let admission) = decision { admission } else { nil }
    }

    /// The refusal, if it is one.
    var refused: ProvisioningDecision.Refusal? {
        if case .refuse(let refusal) = decision { refusal } else { nil }
    }
}

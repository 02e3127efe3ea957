public import Base

/// Claims and proves the e-mail domains of orgs. One a loop.
public final class Domains {
    private let store: any OrgStore
    private let proof: any DomainProof
    private let clock: Clock
    private let randomness: Randomness

    /// Puts the workflow together.
    public init(
        store: any OrgStore, proof: any DomainProof, clock: Clock, randomness: Randomness = .system
    ) {
        self.store = store
        self.proof = proof
        self.clock = clock
        self.randomness = randomness
    }

    /// Claims a domain. Nobody comes in by it before it is proven.
    ///
    /// - Throws: `validation_failed` for what is no domain or one where anybody gets an address.
    public func create(
        _ caller: Caller, org: EntityID, domain: String, autoProvision: Bool, defaultRole: OrgRole
    ) async throws(Problem) -> OrgDomain {
        guard let name = EmailAddress("x@\(domain)")?.domain, name.contains("."), name.utf8.count <= 253 else {
            throw Self.refused("must be a whole domain name such as example.com")
        }
        guard !PublicMailDomains.contains(name) else {
            throw Self.refused("is one where anybody gets an address; it can belong to no organization")
        }
        return try await store.createDomain(
            caller, org: org, id: EntityID.make(clock), domain: name, autoProvision: autoProvision,
            defaultRole: defaultRole, verificationToken: Hex.encode(randomness.bytes(16)))
    }

    /// Looks for the proof in DNS, and writes down that it is there.
    ///
    /// - Throws: `conflict` when the record is not there, or another org has proven the domain; `overloaded` (503)
    ///   when DNS can't be asked.
    public func verify(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain {
        // Who may not have it verified must not make us ask DNS either.
        let domain = try await store.domainToVerify(caller, org: org, id)
        switch await proof.textRecords(of: domain.recordName) {
        case .found(let records):
            guard records.contains(domain.recordValue) else {
                throw Problem(
                    .conflict, "There is no TXT record \(domain.recordName) with the value \(domain.recordValue) yet.")
            }
            return try await store.markVerified(caller, org: org, id)
        case .unavailable(let reason):
            throw Problem(.overloaded, "DNS could not be asked. Try again.", cause: reason)
        }
    }

    private static func refused(_ problem: String) -> Problem {
        Problem(
            .validationFailed, "Some fields are not acceptable.", details: [Problem.Field("domain", problem)])
    }
}

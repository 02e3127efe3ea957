public import Base

/// Where orgs and what belongs to them are kept. Every call is one transaction as the caller: row security decides.
///
/// All throw `not_found` for what the caller can't see, `forbidden` for what the caller sees and may not change,
/// `conflict` where a rule of the data is against it, and 503 while the database is away. `expected` is the `updatedAt` that
/// the caller knows: nothing is changed when it is another one by now (412).
public protocol OrgStore: AnyObject {
    /// The orgs that the caller can see, the oldest first.
    ///
    /// - Parameters:
    ///   - all: whether to look further than the caller's own orgs; administrators of the platform see them all.
    ///   - slug: narrows the list to this one.
    func orgs(_ caller: Caller, all: Bool, slug: String?, _ page: Page) async throws(Problem) -> Listing<Org>
    /// One org.
    func org(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Org
    /// Makes an org; the caller becomes its owner, and it the caller's current one if there is none.
    ///
    /// - Parameter otherSlug: taken where the slug is another org's; nil: that is a `conflict`.
    func createOrg(
        _ caller: Caller, id: EntityID, name: String, slug: String, otherSlug: String?, description: String?
    ) async throws(Problem) -> Org
    /// Changes what is named.
    func updateOrg(
        _ caller: Caller, _ id: EntityID, name: String?, slug: String?, description: FieldChange<String>,
        inviteLinks: Bool?, expected: Timestamp?
    ) async throws(Problem) -> Org
    /// Closes an org for good; owners and administrators of the platform only.
    func deleteOrg(_ caller: Caller, _ id: EntityID) async throws(Problem)

    /// The members of an org, the oldest first.
    func members(_ caller: Caller, org: EntityID, role: OrgRole?, _ page: Page) async throws(Problem) -> Listing<
        OrgMember
    >
    /// Lets a user in.
    func addMember(
        _ caller: Caller, org: EntityID, user: EntityID, role: OrgRole
    ) async throws(Problem) -> OrgMember
    /// Gives a member another role.
    func changeMember(
        _ caller: Caller, org: EntityID, user: EntityID, role: OrgRole, expected: Timestamp?
    ) async throws(Problem) -> OrgMember
    /// Removes a member, or lets the caller leave.
    func removeMember(_ caller: Caller, org: EntityID, user: EntityID) async throws(Problem)

    /// The invites of an org, the newest first.
    func invites(
        _ caller: Caller, org: EntityID, status: OrgInvite.Status?, email: String?, _ page: Page
    ) async throws(Problem) -> Listing<OrgInvite>
    /// Invites somebody. `conflict` while another invite for the e-mail is pending; `forbidden` for a link where the
    /// org allows none.
    func createInvite(
        _ caller: Caller, org: EntityID, id: EntityID, email: EmailAddress, role: OrgRole, expiresAt: Timestamp,
        linkDigest: [UInt8]?
    ) async throws(Problem) -> OrgInvite
    /// Takes a pending or expired invite back.
    func revokeInvite(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem)
    /// Sends a pending or expired invite again, with a new end; the caller stands in for it from then on.
    ///
    /// - Parameters:
    ///   - link: whether it has a link then; nil: as before, where the org allows it.
    ///   - linkDigest: of the token that its link has then.
    func resendInvite(
        _ caller: Caller, org: EntityID, _ id: EntityID, expiresAt: Timestamp, link: Bool?, linkDigest: [UInt8]
    ) async throws(Problem) -> OrgInvite

    /// The domains of an org, the oldest first.
    func domains(
        _ caller: Caller, org: EntityID, isVerified: Bool?, _ page: Page
    ) async throws(Problem) -> Listing<OrgDomain>
    /// One domain of an org.
    func domain(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain
    /// The same for whoever may have it verified; `forbidden` for others who see it.
    func domainToVerify(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain
    /// Claims a domain, without proof yet.
    func createDomain(
        _ caller: Caller, org: EntityID, id: EntityID, domain: String, autoProvision: Bool, defaultRole: OrgRole,
        verificationToken: String
    ) async throws(Problem) -> OrgDomain
    /// Changes what is named.
    func updateDomain(
        _ caller: Caller, org: EntityID, _ id: EntityID, autoProvision: Bool?, defaultRole: OrgRole?,
        expected: Timestamp?
    ) async throws(Problem) -> OrgDomain
    /// Gives a domain up.
    func deleteDomain(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem)
    /// Writes down that the proof was seen, as the service; the caller is for the audit. `conflict` when another org
    /// has proven it.
    func markVerified(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) -> OrgDomain
}

public import Base

/// Keeps what an org's directory says. One a loop. Everything is within the caller's org: what is outside is not there.
///
/// Failures are ``SCIMError`` for what the client can mend, and `Problem` for what it can't.
public protocol SCIMStore: AnyObject {
    /// People of the org.
    func users(_ caller: SCIMCaller, _ query: SCIMQuery) async throws -> SCIMList<SCIMUser>
    /// One of them; nil where there is none.
    func user(_ caller: SCIMCaller, _ id: EntityID) async throws -> SCIMUser?
    /// A new one; somebody whom the platform knows by the e-mail comes into the org as they are.
    ///
    /// - Throws: 409 `uniqueness` where the org has them already.
    func createUser(_ caller: SCIMCaller, _ draft: SCIMUserDraft, id: EntityID) async throws -> SCIMUser
    /// Changes one under a lock.
    ///
    /// - Parameter decide: what they are to be, from what they are; what it throws ends the change. Nil: nothing to do.
    func changeUser(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMUser) throws -> SCIMUserDraft?
    ) async throws -> SCIMUser
    /// Takes one out of the org.
    ///
    /// - Parameter check: looks at what is deleted; what it throws ends the deletion.
    func deleteUser(_ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMUser) throws -> Void) async throws

    /// Groups of the org.
    func groups(
        _ caller: SCIMCaller, _ query: SCIMQuery, withMembers: Bool
    ) async throws -> SCIMList<SCIMGroup>
    /// One of them; nil where there is none.
    func group(_ caller: SCIMCaller, _ id: EntityID, withMembers: Bool) async throws -> SCIMGroup?
    /// A new one.
    ///
    /// - Throws: 409 `uniqueness` where there is one of the name; 400 `invalidValue` for members who are not in the org.
    func createGroup(_ caller: SCIMCaller, _ draft: SCIMGroupDraft, id: EntityID) async throws -> SCIMGroup
    /// Changes one under a lock; see ``changeUser(_:_:_:)``. Whose roles may have changed comes with it.
    func changeGroup(
        _ caller: SCIMCaller, _ id: EntityID, _ decide: (SCIMGroup) throws -> SCIMGroupDraft?
    ) async throws -> (group: SCIMGroup, people: [EntityID])
    /// Deletes one; gives who was in it.
    func deleteGroup(
        _ caller: SCIMCaller, _ id: EntityID, _ check: (SCIMGroup) throws -> Void
    ) async throws -> [EntityID]
}

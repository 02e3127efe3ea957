public import Base

/// Where people change their own profile. Every call is one transaction as the caller.
public protocol ProfileStore: AnyObject {
    /// Changes what is named, and gives the profile as it is then.
    ///
    /// - Parameter expected: the `updatedAt` that the caller knows; nothing is changed when it is another one by now (412).
    func updateProfile(
        _ caller: Caller, _ changes: ProfileChanges, expected: Timestamp?
    ) async throws(Problem) -> Profile
    /// Makes an org the current one; `forbidden` for somebody who is no member.
    func setCurrentOrg(_ caller: Caller, _ org: EntityID, expected: Timestamp?) async throws(Problem) -> Profile
    /// Deletes the profile softly; a login is refused from then on. `conflict` for the last platform owner.
    func deleteProfile(_ caller: Caller) async throws(Problem)
}

/// What a person changes of their own profile.
public struct ProfileChanges: Sendable {
    /// The whole name.
    public var fullName: FieldChange<String> = .keep
    /// The given name.
    public var firstName: FieldChange<String> = .keep
    /// The family name.
    public var lastName: FieldChange<String> = .keep
    /// A telephone number.
    public var phone: FieldChange<String> = .keep
    /// Where a picture is.
    public var avatarURL: FieldChange<String> = .keep

    /// No change.
    public init() {}
}

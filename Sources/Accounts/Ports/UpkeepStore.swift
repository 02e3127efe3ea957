public import Base

/// Where upkeep is done. All instances may ask at the same time: each thing is done by one.
public protocol UpkeepStore: AnyObject {
    /// Does a job, unless another instance is at it or it was done within its period.
    ///
    /// - Returns: how many things were made, changed or removed; nil when it was not this instance's to do.
    func run(_ job: UpkeepJob) async throws(Problem) -> Int64?

    /// Takes on verified domains whose proof is due; no other instance gets them for a while.
    func takeDueDomains() async throws(Problem) -> [DueDomain]
    /// Writes down that a domain's proof is there.
    func proofFound(_ domain: DueDomain) async throws(Problem)
    /// Writes down that it is not; true when it is lost by that, and the domain lets nobody in any more.
    func proofMissing(_ domain: DueDomain) async throws(Problem) -> Bool
    /// Has a domain looked at again soon, for DNS could not be asked.
    func proofUnknown(_ domain: DueDomain) async throws(Problem)
}

/// A verified domain whose proof is to be looked for again.
public struct DueDomain: Sendable, Equatable {
    /// The row's id.
    public let id: EntityID
    /// The org whose domain it is.
    public let orgID: EntityID
    /// The name of the TXT record.
    public let recordName: String
    /// What it must hold.
    public let recordValue: String

    /// Describes what is to be looked for.
    public init(id: EntityID, orgID: EntityID, recordName: String, recordValue: String) {
        self.id = id
        self.orgID = orgID
        self.recordName = recordName
        self.recordValue = recordValue
    }
}

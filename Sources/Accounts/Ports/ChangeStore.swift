public import Base

/// Where changes are read again after a gap in the notices.
public protocol ChangeStore: AnyObject {
    /// The mark from which a later ``changes(since:)`` misses nothing that is not announced yet.
    func horizon() async throws(Problem) -> ChangeHorizon

    /// All changes from the mark on, some of them perhaps already known, and the next mark.
    func changes(since horizon: ChangeHorizon) async throws(Problem) -> (changes: [ChangeNotice], next: ChangeHorizon)

    /// Announces ``ChangeNotice/echo(_:)`` to everybody who listens, behind all that was announced before.
    func echo(_ id: EntityID) async throws(Problem)

    /// Every revocation that is kept.
    func revocations() async throws(Problem) -> [Revocation]

    /// One revocation; nil when it is gone again.
    func revocation(_ id: EntityID) async throws(Problem) -> Revocation?

    /// Forgets changes that were announced so long ago that nobody asks for them any more.
    func prune() async throws(Problem)
}

/// A mark in the order of changes; opaque.
public struct ChangeHorizon: Sendable, Equatable {
    /// The store's own words.
    public let text: String

    /// A mark in the store's words.
    public init(_ text: String) {
        self.text = text
    }
}

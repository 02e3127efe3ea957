public import Base

/// Where imports are written.
public protocol ImportStore: AnyObject {
    /// The unfinished run over this file, or a new one.
    func begin(_ source: ImportSource) async throws(Problem) -> ImportRun

    /// Writes a batch and that it is done, in one transaction; a batch that is done already is not done again.
    ///
    /// - Parameter linksByEmail: whether somebody who has an identity may get a second one by a verified e-mail.
    func write(
        _ batch: ImportBatch, of run: EntityID, from source: ImportSource, linksByEmail: Bool
    ) async throws(Problem) -> ImportCounts

    /// What writing the batch would come to; nothing stays.
    func rehearse(
        _ batch: ImportBatch, from source: ImportSource, linksByEmail: Bool
    ) async throws(Problem) -> (counts: ImportCounts, refused: [ImportRefusedLine])

    /// Ends the run, or leaves it to be gone on with; instances forget who was unknown to them.
    func end(_ run: EntityID, isFinished: Bool) async throws(Problem)

    /// The refused lines of a run behind the given one, at most so many, in order.
    func refused(of run: EntityID, after line: Int, limit: Int) async throws(Problem) -> [ImportRefusedLine]
}

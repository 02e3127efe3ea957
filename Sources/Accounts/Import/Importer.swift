public import Base
internal import Tokens

/// Reads a file to its end and has its people written, a few batches at a time. On one loop.
///
/// Batches are made by counting lines, so that a run that was killed finds the same batches again. Two that hold the
/// same e-mail or subject are never written beside each other: of several lines the first decides, always.
public final class Importer {
    /// How it goes about it.
    public struct Settings: Sendable {
        /// Lines of a batch; part of a run's identity.
        public static let batch = 4000

        /// Batches that are written at the same time.
        public var width: Int
        /// Whether nothing is to stay.
        public var isDryRun: Bool
        /// Whether somebody with an identity may get a second one by a verified e-mail.
        public var linksByEmail: Bool
        /// Whether a line is refused whose e-mail is said not to be verified.
        public var requiresVerifiedEmail: Bool

        /// Puts settings together.
        public init(width: Int, isDryRun: Bool, linksByEmail: Bool, requiresVerifiedEmail: Bool) {
            self.width = width
            self.isDryRun = isDryRun
            self.linksByEmail = linksByEmail
            self.requiresVerifiedEmail = requiresVerifiedEmail
        }
    }

    /// A batch on its way, in the order of the file.
    private final class Flight {
        let batch: ImportBatch
        let bytes: Int
        var outcome: (counts: ImportCounts, refused: [ImportRefusedLine])?

        init(_ batch: ImportBatch, bytes: Int) {
            self.batch = batch
            self.bytes = bytes
        }
    }

    private let store: any ImportStore
    private let source: ImportSource
    private let settings: Settings
    private let loop: EventLoop
    private let authority: EmailAuthority
    private let begun: (ImportRun) -> Void
    private let observe: (ImportProgress) -> Void
    private let refused: (ImportRefusedLine) -> Void

    private var run: ImportRun?
    private var doneBefore = 0
    private var flights: [Flight] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private var failure: Problem?
    private var start: Instant?
    private var progress: ImportProgress

    /// - Parameters:
    ///   - size: bytes of the file.
    ///   - begun: told of the run before anything is written; not in a dry run.
    ///   - observe: told after each batch how far it is.
    ///   - refused: told of each refused line, in order: in a dry run as it goes, else at the end.
    public init(
        store: any ImportStore, source: ImportSource, size: Int, settings: Settings, loop: EventLoop,
        begun: @escaping (ImportRun) -> Void, observe: @escaping (ImportProgress) -> Void,
        refused: @escaping (ImportRefusedLine) -> Void
    ) {
        self.store = store
        self.source = source
        self.settings = settings
        self.loop = loop
        authority = source.provider.policy.emailDomains
        self.begun = begun
        self.observe = observe
        self.refused = refused
        progress = ImportProgress(size: size)
    }

    /// Imports what the reader finds in the pieces of the file, and gives what came of all its lines.
    ///
    /// - Parameter next: the next piece; nil at the end of the file.
    /// - Throws: ``Problem``, ``ImportFileError``, or what `next` throws. What is committed by then stays, and the same
    ///   call for the same file goes on behind it.
    public func run(_ reader: some ImportReader, next: () throws -> [UInt8]?) async throws -> ImportProgress {
        if !settings.isDryRun {
            let run = try await store.begin(source)
            self.run = run
            begun(run)
            progress.counts = run.counts
            progress.earlierLines = run.counts.lines
        }
        do {
            try await read(reader, next)
        } catch {
            await settle(to: 0)
            if let run { try? await store.end(run.id, isFinished: false) }
            throw error
        }
        try await finish()
        return progress
    }

    private func read(_ reader: some ImportReader, _ next: () throws -> [UInt8]?) async throws {
        var reader = reader
        var batch = ImportBatch()
        var bytes = 0
        var isAtEnd = false
        while !isAtEnd {
            let piece = try next()
            bytes += piece?.count ?? 0
            isAtEnd = piece == nil
            for entry in try piece.map({ try reader.read($0[...]) }) ?? reader.end() {
                batch.add(
                    entry, authority: authority, requireVerifiedEmail: settings.requiresVerifiedEmail,
                    makeID: { EntityID.make(self.loop.clock) })
                guard batch.count == Settings.batch else { continue }
                try await send(batch, bytes: bytes)
                batch = ImportBatch()
            }
        }
        if batch.count > 0 { try await send(batch, bytes: bytes) }
        await settle(to: 0)
        if let failure { throw failure }
    }

    private func finish() async throws(Problem) {
        guard let run else { return }
        try await store.end(run.id, isFinished: true)
        var line = 0
        while true {
            let page = try await store.refused(of: run.id, after: line, limit: Settings.batch)
            for entry in page { refused(entry) }
            guard let last = page.last else { return }
            line = last.line
        }
    }
}

// MARK: - Batches under way

extension Importer {
    private func send(_ batch: ImportBatch, bytes: Int) async throws(Problem) {
        if isDone(batch) {
            progress.bytes = bytes
            progress.earlierBytes = bytes
            return
        }
        while flights.count >= settings.width || flights.contains(where: { $0.batch.collides(with: batch) }) {
            await settle(to: flights.count - 1)
        }
        if let failure { throw failure }
        if start == nil { start = loop.clock.monotonic() }
        let flight = Flight(batch, bytes: bytes)
        flights.append(flight)
        loop.spawn { [self] in
            do throws(Problem) {
                flight.outcome = try await write(batch)
            } catch {
                failure = failure ?? error
                flight.outcome = (ImportCounts(), [])
            }
            land()
        }
    }

    private func write(
        _ batch: ImportBatch
    ) async throws(Problem) -> (counts: ImportCounts, refused: [ImportRefusedLine]) {
        guard let run else {
            return try await store.rehearse(batch, from: source, linksByEmail: settings.linksByEmail)
        }
        return (try await store.write(batch, of: run.id, from: source, linksByEmail: settings.linksByEmail), [])
    }

    /// Takes what is through from the front, so that everything is told in the order of the file.
    private func land() {
        while let flight = flights.first, let outcome = flight.outcome {
            flights.removeFirst()
            guard failure == nil else { continue }
            progress.counts += outcome.counts
            progress.bytes = flight.bytes
            if let start { progress.elapsed = loop.clock.monotonic() - start }
            for line in outcome.refused { refused(line) }
            observe(progress)
        }
        let waiting = waiter
        waiter = nil
        waiting?.resume()
    }

    /// Waits until no more than so many batches are under way.
    private func settle(to count: Int) async {
        while flights.count > count {
            await withCheckedContinuation { waiter = $0 }
        }
    }

    /// Whether an earlier start of the run has committed the batch. Asked in the order of the file.
    private func isDone(_ batch: ImportBatch) -> Bool {
        guard let done = run?.done else { return false }
        while doneBefore < done.count, done[doneBefore].upperBound < batch.firstLine { doneBefore += 1 }
        return doneBefore < done.count && done[doneBefore].contains(batch.firstLine)
    }
}

internal import Accounts
public import Base
public import Postgres
internal import Tokens

/// Tells all instances of newcomers right after their logins have committed, many at once. One a loop.
///
/// A transaction that announces something holds a lock of the whole cluster until its commit is on disk and on the
/// standbys: such transactions commit one after the other. A login that makes somebody takes nobody's right away, so it
/// says nothing itself, and any number of logins commit together. Should an instance end in between, others believe for
/// the few seconds that they keep a refusal that there is no such person.
public final class NewcomerAnnouncer {
    /// So many are told of at once; beyond so many that wait it is said that somebody has come, not who.
    static let most = 200, mostWaiting = 10_000

    /// What passes before somebody is told of.
    static let pause = Duration.milliseconds(2)

    private let database: Database
    private let loop: EventLoop
    private var waiting: [(topic: String, key: String)] = []
    private var isTelling = false

    /// Tells by way of the given database of this loop.
    public init(database: Database, loop: EventLoop) {
        self.loop = loop
        self.database = database
    }

    /// Tells of somebody soon.
    func announce(_ identity: Identity, email: String?) {
        if waiting.count >= Self.mostWaiting { waiting = [("newcomers", "-")] }
        waiting.append(("identity", "\(identity.issuer) \(identity.subject)"))
        if let email { waiting.append(("email", email)) }
        guard !isTelling else { return }
        isTelling = true
        loop.spawn { [self] in await tell() }
    }

    private func tell() async {
        // Who comes in meanwhile is told of at once with them.
        await loop.sleep(for: Self.pause)
        while !waiting.isEmpty {
            let now = waiting.prefix(Self.most)
            waiting.removeFirst(now.count)
            _ = try? await database.query(
                ChangeStatements.announce, .textArray(now.map(\.topic)), .textArray(now.map(\.key)))
        }
        isTelling = false
    }
}

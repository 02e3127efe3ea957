import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Many callers")
struct PoolUseTests {
    @Test("Every one of many concurrent queries gets its own answer", arguments: [1, 4])
    func concurrent(_ connections: Int) async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: connections))
            defer { database.close() }
            let answers = (0..<300).map { number in
                let promise = Promise<[String]>()
                loop.spawn { promise.keep((try? await database.query(Statements.echo, .text("\(number)"))) ?? []) }
                return promise
            }
            for (number, promise) in answers.enumerated() {
                let answer = await promise.get()
                #expect(answer == ["\(number)"])
            }
            #expect((1...connections).contains(database.statistics.connects))
            #expect(database.statistics.prepares <= connections, "once a connection at most")
            #expect(database.statistics.idle == database.statistics.connects)
            #expect(database.statistics.roundTrips >= 300)
        }
    }

    @Test("More callers than connections and places in line: the next is refused at once")
    func exhausted() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1, waiters: 1))
            defer { database.close() }
            _ = try await database.query(Statements.one)
            let busy = Promise<Bool>()
            loop.spawn { busy.keep((try? await database.query(Statements.sleep, .double(0.3))) != nil) }
            let waiting = Promise<Bool>()
            loop.spawn { waiting.keep((try? await database.query(Statements.one)) != nil) }
            #expect(database.statistics.waiting == 1)
            let before = database.statistics.roundTrips
            let error = await failure { try await database.query(Statements.one) }
            #expect(error?.kind == .busy)
            #expect(error?.phase == .connect)
            #expect(database.statistics.roundTrips == before, "refused while the others still ran")
            #expect(await busy.get())
            #expect(await waiting.get())
        }
    }

    @Test("Who waits longer than the patience for a connection is told busy")
    func impatient() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        let (first, second) = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1, patience: .milliseconds(50)))
            defer { database.close() }
            while (try? await database.query(Statements.one)) == nil {}
            let busy = Promise<Bool>()
            loop.spawn { busy.keep((try? await database.query(Statements.sleep, .double(0.5))) != nil) }
            let error = await failure { try await database.query(Statements.one) }
            return (await busy.get(), error)
        }
        #expect(first)
        #expect(second?.kind == .busy)
    }

    @Test("Large statements and large answers in one pipeline don't block each other")
    func large() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        let text = String(repeating: "x", count: 20_000)
        let lengths = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            defer { database.close() }
            let pending = try await database.transaction { transaction in
                (0..<500).map { _ in transaction.send(Statements.echo, .text(text)) }
            }
            return Set(pending.map { $0.first?.utf8.count })
        }
        #expect(lengths == [20_000])
    }

    @Test("A closed database refuses, and its sessions end")
    func closed() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        let error = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            _ = try await database.query(Statements.one)
            database.close()
            #expect(database.statistics.live == 0)
            return await failure { try await database.query(Statements.one) }
        }
        #expect(error?.kind == .unavailable)
    }
}

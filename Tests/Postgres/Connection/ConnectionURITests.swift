import Testing

@testable import Postgres

@Suite("Connection URI")
struct ConnectionURITests {
    @Test("Hosts, ports and settings are taken apart")
    func parts() throws {
        let uri = try ConnectionURI(
            "postgresql://me:secret@one:1111,10.0.0.2:2222,[::1]/app?target_session_attrs=read-write&sslmode=require")
        #expect(uri.targets.map { $0.host } == ["one", "10.0.0.2", "::1"])
        #expect(uri.targets.map { $0.port } == ["1111", "2222", ""])
        #expect(uri.targets.map { $0.needsResolution } == [true, false, false])
        #expect(uri.sessionAttributes == "read-write")
        #expect(uri["sslmode"] == "require")
        #expect(uri["password"] == "secret")
        #expect(uri["target_session_attrs"] == nil)
    }

    @Test("Its text shows everything but the password")
    func description() throws {
        let uri = try ConnectionURI("postgresql://me:hunter2@db.example:5433/app?sslmode=require")
        #expect(uri.description == "postgresql://me@db.example:5433/app")
        #expect(!"\(uri)".contains("hunter2"))
    }

    @Test(
        "Sockets and addresses need no resolver",
        arguments: ["/run/postgresql", "@abstract", "127.0.0.1", "fe80::1%lo"])
    func sockets(_ host: String) throws {
        let uri = try ConnectionURI("host=\(host) dbname=app")
        #expect(uri.targets.map { $0.needsResolution } == [false])
    }

    @Test("A given address spares the resolver; one port serves all hosts")
    func addresses() throws {
        let uri = try ConnectionURI("host=a,b hostaddr=10.0.0.1,10.0.0.2 port=6000 dbname=app")
        #expect(
            uri.targets == [
                ConnectionURI.Target(host: "a", address: "10.0.0.1", port: "6000"),
                ConnectionURI.Target(host: "b", address: "10.0.0.2", port: "6000"),
            ])
        #expect(uri.targets.map { $0.needsResolution } == [false, false])
    }

    @Test(
        "What can't be read is refused without showing secrets",
        arguments: [
            "postgresql://me:hunter2@host:port:x/app", "postgresql://me:hunter2@host/app?nonsense=hunter2",
            "host=a password='hunter2", "postgresql://me:hunter2@h:99999/app",
            "postgresql://me:hunter2@a:1,b:2,c/x?port=1,2",
            "host=a,b port=1,2,3 password=hunter2", "postgresql://me:hunter2@h:0/app",
            "postgresql://me:hunter2\0@h/app",
            "postgresql://me:hunter2%zz@h/app", "hunter2",
        ])
    func refused(_ text: String) {
        let error = #expect(throws: ConnectionURI.Invalid.self) { try ConnectionURI(text) }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.isEmpty == false)
    }
}

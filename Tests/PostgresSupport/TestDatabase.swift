internal import Base
public import Postgres

/// A database of one test.
public final class TestDatabase: Sendable {
    /// Where it lives.
    public let server: TestServer
    /// Its name.
    public let name: String

    /// Makes an empty database in the shared server (or the given one), with the two roles of the service.
    public init(on server: TestServer? = nil, _ sql: String = "") throws {
        self.server = try server ?? TestServer.shared.get()
        name = "test_\(Hex.encode(Randomness.system.bytes(8)))"
        try self.server.sql("CREATE DATABASE \(name)")
        try self.server.sql(Self.roles, in: name)
        if !sql.isEmpty { try self.server.sql(sql, in: name) }
    }

    deinit {
        _ = try? server.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Its address, as the superuser or the given user.
    public func uri(user: String? = nil) throws -> ConnectionURI {
        try ConnectionURI(server.uri(name, user: user))
    }

    /// Its address as text.
    public func address(user: String? = nil) -> String { server.uri(name, user: user) }

    /// Runs SQL as the superuser.
    @discardableResult
    public func sql(_ text: String) throws -> String { try server.sql(text, in: name) }

    /// Runs SQL as the superuser while the test's loop goes on.
    @discardableResult
    public func sqlAside(_ text: String) async throws -> String { try await server.sqlAside(text, in: name) }

    /// Roles belong to the server: tests that run at once may all try to make them, and later ones find them as they
    /// were made here, so they are made as the migrations make them.
    private static let roles = """
        DO $$
        DECLARE wanted text;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['authenticated', 'service_role', 'test_login'] LOOP
                BEGIN
                    EXECUTE format('CREATE ROLE %I %s', wanted,
                        CASE wanted WHEN 'test_login' THEN 'LOGIN' ELSE 'NOLOGIN NOINHERIT' END);
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END;
            END LOOP;
            BEGIN
                GRANT authenticated TO service_role;
                GRANT service_role TO test_login;
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
        END $$
        """
}

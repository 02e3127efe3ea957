internal import Base

/// The statements that set a session or a transaction up, as the settings want them.
struct SessionCommands {
    private let settings: DatabaseSettings

    init(_ settings: DatabaseSettings) {
        self.settings = settings
    }

    static var commit: Command { Command("pg_commit", "COMMIT", phase: .commit) }
    static var rollback: Command { Command("pg_rollback", "ROLLBACK", phase: .rollback) }

    /// What a connection needs once; nothing behind a pooler.
    var setUp: [Command] {
        guard settings.mode == .session else { return [] }
        // One statement for all of it. The role comes last: the others must not need its rights.
        return [
            Command(
                "",
                """
                SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
                    set_config('idle_in_transaction_session_timeout', $3, false), set_config('DateStyle', 'ISO', false),
                    set_config('TimeZone', 'UTC', false), set_config('bytea_output', 'hex', false),
                    set_config('client_connection_check_interval', '5s', false),
                    set_config('role', coalesce($4, 'none'), false)
                """, timesAndRole, phase: .connect)
        ]
    }

    /// What stands around a single statement.
    func around(_ command: Command) -> [Command] {
        switch settings.mode {
        case .session: [command]
        case .pooled: opening(.service, .readCommitted) + [command, Self.commit]
        }
    }

    /// `BEGIN` and the role.
    func opening(_ role: SessionRole, _ isolation: Isolation) -> [Command] {
        var commands = [isolation.begin]
        if settings.mode == .pooled {
            commands.append(
                Command(
                    "",
                    """
                    SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
                        set_config('idle_in_transaction_session_timeout', $3, true), set_config('DateStyle', 'ISO', true),
                        set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true),
                        set_config('role', coalesce($4, 'none'), true)
                    """, timesAndRole, phase: .begin))
        }
        if case .caller(let userID, let requestID, let clientAddress) = role {
            commands.append(
                Command(
                    "pg_caller_role", "SELECT set_config('role', $1, true)", [.text(settings.callerRole)], phase: .begin
                ))
            commands.append(
                Command(
                    "pg_caller",
                    """
                    SELECT public.set_session_user_id($1), set_config('app.request_id', $2, true),
                        set_config('app.client_address', coalesce($3, ''), true)
                    """, [.uuid(userID), .text(requestID), .text(clientAddress)], phase: .begin))
        }
        return commands
    }

    private var timesAndRole: [Parameter] {
        [
            .text(milliseconds(settings.statementTimeout)), .text(milliseconds(settings.lockTimeout)),
            .text(milliseconds(settings.idleInTransactionTimeout)), .text(settings.serviceRole),
        ]
    }

    private func milliseconds(_ duration: Duration) -> String {
        "\(max(1, duration.nanoseconds / 1_000_000))ms"
    }

    /// Settings of the connection itself that hold unless the URI says otherwise.
    var connection: [(keyword: String, value: String)] {
        [
            ("application_name", settings.applicationName), ("client_encoding", "UTF8"),
            // Looking for Kerberos tickets may block.
            ("gssencmode", "disable"),
            // A server that vanished without a word is noticed within half a minute even on an idle connection.
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
        ]
    }
}

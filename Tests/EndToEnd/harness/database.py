"""Databases of their own in the cluster that VESTIBULE_TEST_DATABASE_URL names, and a way to cut them off."""

import os
import select
import socket
import threading
import uuid
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

OWNER, SERVICE = "vestibule_e2e_owner", "vestibule_e2e_service"


def cluster_url() -> str:
    return os.environ["VESTIBULE_TEST_DATABASE_URL"]


def address() -> dict:
    return conninfo_to_dict(cluster_url())


def url(user: str, database: str, host: str | None = None, port: int | None = None) -> str:
    where = address()
    host = host or where.get("host", "127.0.0.1")
    port = port or where.get("port", 5432)
    return f"postgresql://{user}@/{database}?host={quote(host, safe='/')}&port={port}"


class Database:
    """One database: its owner may migrate, its service login is a member of service_role and no more."""

    _lock = threading.Lock()

    def __init__(self):
        self.name = f"e2e_{uuid.uuid4().hex[:12]}"
        with self._lock, psycopg.connect(cluster_url(), autocommit=True) as admin:
            # Roles belong to the cluster; other suites may be making the same ones.
            admin.execute("SELECT pg_advisory_lock(719)")
            for role in ("authenticated", "service_role"):
                if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    admin.execute(f"CREATE ROLE {role} NOLOGIN NOINHERIT")
            for role in (OWNER, SERVICE):
                if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    admin.execute(f"CREATE ROLE {role} LOGIN")
            admin.execute("GRANT authenticated TO service_role")
            admin.execute(f"GRANT service_role, authenticated TO {OWNER} WITH ADMIN OPTION")
            admin.execute(f"GRANT service_role TO {SERVICE}")
            admin.execute(f"CREATE DATABASE {self.name} OWNER {OWNER}")
        self._connection = None

    @property
    def owner_url(self) -> str:
        return url(OWNER, self.name)

    @property
    def service_url(self) -> str:
        return url(SERVICE, self.name)

    @property
    def superuser(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(cluster_url(), dbname=self.name, autocommit=True)
        return self._connection

    def reconnect(self):
        """What was connected may be gone without a word."""
        if self._connection is not None:
            self._connection.close()

    def rows(self, query: str, *values) -> list:
        return self.superuser.execute(query, values or None).fetchall()

    def one(self, query: str, *values):
        row = self.superuser.execute(query, values or None).fetchone()
        return row[0] if row else None

    def run(self, query: str, *values):
        self.superuser.execute(query, values or None)

    def drop(self):
        if self._connection is not None:
            self._connection.close()
        with psycopg.connect(cluster_url(), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    # What the tests need to find in it.

    def org(self, slug: str, name: str | None = None) -> str:
        return str(self.one("INSERT INTO org (name, slug) VALUES (%s, %s) RETURNING id", name or slug.title(), slug))

    def invite(self, org: str, email: str, role: str = "org_user", expires: str = "7 days") -> str:
        return str(self.one(
            "INSERT INTO org_invites (org_id, email, role, expires_at) VALUES (%s, %s, %s, now() + %s::interval)"
            " RETURNING id", org, email, role, expires))

    def domain(self, org: str, domain: str, role: str = "org_user", verified: bool = True, auto: bool = True) -> str:
        return str(self.one(
            "INSERT INTO org_email_domains (org_id, domain, default_role, is_verified, verified_at, auto_provision,"
            " verification_token) VALUES (%s, %s, %s, %s, CASE WHEN %s THEN now() END, %s, %s) RETURNING id",
            org, domain, role, verified, verified, auto, uuid.uuid4().hex))

    def settle_bootstrap(self):
        """As if the platform had its first owner already, so that nobody becomes it by accident."""
        self.run("INSERT INTO platform_bootstrap (user_id) VALUES (gen_random_uuid()) ON CONFLICT DO NOTHING")

    def counts(self) -> dict:
        tables = ("auth.users", "external_identities", "profiles", "org", "org_members", "audit_log", "org_invites")
        # One statement, so that all counts are of one moment.
        row = self.rows("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))[0]
        return dict(zip(tables, row))

    def service_sessions(self) -> int:
        return self.one("SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = %s", self.name, SERVICE)


class Relay:
    """A TCP port in front of the cluster, or of another one, that can be cut and mended, as a network would be."""

    def __init__(self, port: int | None = None):
        #: Seconds that each piece of data takes, each way.
        self.delay = 0.0
        # A program of this machine, or the cluster that is the tests' now.
        self._where = {"host": "127.0.0.1", "port": port} if port else address()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        #: How often a client has said something after the server had answered: round trips.
        self.turns = 0
        self._open = True
        self._frozen = threading.Event()
        self._pairs = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, user: str, database: str) -> str:
        return url(user, database, "127.0.0.1", self.port)

    def cut(self):
        """Ends every connection and refuses new ones."""
        with self._lock:
            self._open = False
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for side in pair:
                try:
                    side.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def freeze(self):
        """Passes nothing on, and ends nothing: the worst kind of outage."""
        self._frozen.set()

    def mend(self):
        self._frozen.clear()
        self._open = True

    def close(self):
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                client.close()
                continue
            try:
                server = self._connect()
            except OSError:
                client.close()
                continue
            with self._lock:
                self._pairs.add((client, server))
            threading.Thread(target=self._pump, args=(client, server), daemon=True).start()

    def _connect(self) -> socket.socket:
        where = self._where
        host, port = where.get("host", "127.0.0.1"), int(where.get("port", 5432))
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((host, port))

    def _pump(self, client, server):
        other = {client: server, server: client}
        last = server
        try:
            while True:
                for side in select.select(list(other), [], [], 0.2)[0]:
                    while self._frozen.is_set():
                        threading.Event().wait(0.02)
                    data = side.recv(65536)
                    if not data:
                        return
                    if side is client and last is server:
                        with self._lock:
                            self.turns += 1
                    last = side
                    if self.delay:
                        threading.Event().wait(self.delay)
                    other[side].sendall(data)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

"""A PostgreSQL cluster of a test's own, for what the shared one can't have done to it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from .programs import Program, eventually

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def as_server(*command) -> list:
    """PostgreSQL refuses to run as root."""
    drop = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []
    return [*drop, *map(str, command)]


def run_as_server(*command):
    result = subprocess.run(as_server(*command), text=True, capture_output=True, timeout=300, cwd="/")
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout


class PrivatePostgres:
    """A server with a data folder; `settings` are given on its command line."""

    def __init__(self, folder: Path | None = None, port: int = 5432, **settings):
        # A socket's path may have 107 bytes.
        self.home = Path(folder or tempfile.mkdtemp(prefix="vst-pg-"))
        self.home.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.home, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        self.data, self.port, self.settings = self.home / "data", port, settings
        self.program = None

    def make(self) -> "PrivatePostgres":
        run_as_server(PROGRAMS / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                      "--no-instructions", "--no-sync")
        return self

    def start(self) -> "PrivatePostgres":
        settings = {"listen_addresses": "", "unix_socket_directories": self.home, "port": self.port} | self.settings
        command = [PROGRAMS / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.program = Program("postgres", as_server(*command), self.home, cwd=Path("/"))
        try:
            eventually(self.answers, "the cluster", 60, self.program.alive)
        except AssertionError as problem:
            raise AssertionError(f"{problem}\n{self.program.output()[-4000:]}") from None
        return self

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url(), connect_timeout=2) as connection:
                return not connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]
        except psycopg.OperationalError:
            return False

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.home}&port={self.port}"

    def run(self, statement: str, database: str = "postgres"):
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def rows(self, query: str, database: str = "postgres") -> list:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def stop(self):
        """As `pg_ctl stop -m fast` does."""
        import signal
        if self.program is not None:
            self.program.stop(signal.SIGINT, 60)
            self.program = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

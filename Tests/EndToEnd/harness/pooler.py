"""PgBouncer in transaction mode in front of the cluster."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from .database import SERVICE, Relay, address, url
from .programs import Program, free_port

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Pooler:
    """Each transaction may land in another of a few sessions."""

    def __init__(self, sessions: int = 3, relay: Relay | None = None):
        """Before the cluster, or before something that can be cut."""
        self.port, self.sessions, self.relay = free_port(), sessions, relay
        # Not below the tests' folder: that may be closed to the user it runs as.
        self.folder = Path(tempfile.mkdtemp(prefix="pooler"))
        (self.folder / "users.txt").write_text(f'"{SERVICE}" ""\n')
        self._write()
        command = [PROGRAM, self.folder / "pgbouncer.ini"]
        if os.getuid() == 0:
            # It refuses to run as root.
            shutil.chown(self.folder, "postgres")
            command = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "KILL",
                       "--"] + command
        self._command = command
        self.start()

    def _write(self):
        where = {"port": self.relay.port} if self.relay else address()
        (self.folder / "pgbouncer.ini").write_text(f"""
[databases]
* = host={where.get("host", "127.0.0.1")} port={where.get("port", 5432)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = trust
auth_file = {self.folder}/users.txt
pool_mode = transaction
default_pool_size = {self.sessions}
max_client_conn = 200
server_login_retry = 1
""")

    def follow(self):
        """To the cluster that is meant now, as after a failover."""
        self._write()
        self.program.send(signal.SIGHUP)

    def start(self):
        self.program = Program("pgbouncer", self._command, self.folder)
        self.program.await_port(self.port)

    def kill(self):
        self.program.process.kill()
        self.program.process.wait()

    def url(self, database: str) -> str:
        return url(SERVICE, database, "127.0.0.1", self.port)

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

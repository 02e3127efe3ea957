"""A PostgreSQL of the test's own that can be killed like any program, or follow another one."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from harness.programs import Program, eventually


class Cluster:
    """Commits are on disk, as far as the kernel goes, before they are acknowledged: a killed process loses none."""

    PORT = 5499

    def __init__(self, primary: "Cluster | None" = None):
        """Empty, or a streaming standby of the given one."""
        self.folder = Path(tempfile.mkdtemp(prefix="vestibule-cluster-"))
        self.binaries = Path(sorted(Path("/usr/lib/postgresql").iterdir(), key=lambda path: int(path.name))[-1]) / "bin"
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._as = ["setpriv", "--reuid", "postgres", "--regid", str(user.pw_gid), "--init-groups", "--"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        else:
            self._as = []
        self.data = self.folder / "data"
        if primary is None:
            make = ["initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-N"]
        else:
            make = ["pg_basebackup", "-D", self.data, "-h", primary.folder, "-p", str(self.PORT), "-U", "postgres", "-R",
                    "--checkpoint=fast", "--no-sync"]
        subprocess.run([*self._as, self.binaries / make[0], *make[1:]], check=True, capture_output=True, cwd="/")
        self.program = None
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.PORT}"

    def start(self):
        # The number in it may be another program's by now, which the server can't tell.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.program = Program("postgres", [
            *self._as, self.binaries / "postgres", "-D", self.data, "-k", self.folder, "-p", self.PORT, "-c",
            "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=100", "-c", "shared_buffers=64MB"],
            self.folder, cwd=Path("/"))
        self.await_ready()

    def await_ready(self):
        """Also after a backend was killed, when the server ends all others and recovers by itself."""

        def answers():
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                return False

        eventually(answers, "PostgreSQL", 60, self.program.alive)

    def _children(self) -> list:
        # setpriv and its like become the server itself: its children are the backends.
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(path.read_text().rsplit(")", 1)[1].split()[1]) == self.program.pid:
                    found.append(int(path.parent.name))
            except (OSError, ValueError):
                pass
        return found

    def kill(self):
        """The whole server at once."""
        self.program.send(signal.SIGSTOP)
        children = self._children()
        for pid in [self.program.pid, *children]:
            self._send(pid)
        self.program.wait()
        end = time.monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < end:
            time.sleep(0.005)

    def kill_backend(self, choose):
        """One process of the server that serves the service's role: the server ends all others and recovers."""
        backends = []
        for pid in self._children():
            try:
                title = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if b"vestibule_e2e_service" in title:
                backends.append(pid)
        if backends:
            self._send(choose(backends))

    @staticmethod
    def _send(pid: int):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def close(self):
        if self.program.alive():
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

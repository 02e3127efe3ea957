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

from .programs import Program, eventually


class Cluster:
    """Commits are on disk, as far as the kernel goes, before they are acknowledged: a killed process loses none."""

    PORT = 5499

    def __init__(self, settings: dict | None = None, wal: Path | None = None, primary: "Cluster | None" = None):
        """With settings besides the usual ones, its log at another place, or as the standby of another cluster."""
        self.settings = settings or {}
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
            # Small segments: a full disk is soon full.
            place = ["-X", wal, "--wal-segsize=1"] if wal else []
            self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-N", *place)
        else:
            self.run("pg_basebackup", "-D", self.data, "-R", "-d", primary.url, "-c", "fast", "-N")
        self.program = None
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.PORT}"

    def own(self, path: Path):
        """Gives the server a folder of the test's."""
        if self._as:
            shutil.chown(path, "postgres", "postgres")

    def run(self, program: str, *arguments):
        subprocess.run([*self._as, self.binaries / program, *arguments], check=True, capture_output=True, cwd="/")

    def start(self, ready: bool = True):
        # The number in them may be another program's by now, which the server can't tell.
        for left in (self.data / "postmaster.pid", self.folder / f".s.PGSQL.{self.PORT}.lock"):
            left.unlink(missing_ok=True)
        given = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.program = Program("postgres", [
            *self._as, self.binaries / "postgres", "-D", self.data, "-k", self.folder, "-p", self.PORT, "-c",
            "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=100", "-c", "shared_buffers=64MB",
            *given], self.folder, cwd=Path("/"))
        if ready:
            self.await_ready()

    def promote(self):
        self.run("pg_ctl", "promote", "-D", self.data)

    def stop(self):
        """As an administrator ends it: sessions are told to go."""
        self.program.stop(signal.SIGINT)

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

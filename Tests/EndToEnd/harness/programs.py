"""Programs that a test starts, and their end."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from .leaks import secrets_of

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("VESTIBULE_BINARY", ROOT / ".build/release/vestibule"))
#: How many times longer than usual everything may take: a program under a sanitizer is slow.
PATIENCE = float(os.environ.get("VESTIBULE_TEST_PATIENCE", 1))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(check, what: str, seconds: float = 20, alive=None):
    """Waits until `check` gives something true, and gives that."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        result = check()
        if result:
            return result
        if alive is not None and not alive():
            raise AssertionError(f"{what}: the program ended")
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def accepts(port: int, host: str = "127.0.0.1") -> bool:
    try:
        socket.create_connection((host, port), 0.5).close()
        return True
    except OSError:
        return False


class Program:
    """A process with its output in a file; the kernel ends it should the tests die."""

    def __init__(self, name: str, command: list, folder: Path, env: dict | None = None, cwd: Path = ROOT):
        self.name = name
        # Logs that the scan for leaks is to read stay in one place (leaks.py).
        self.log = Path(os.environ.get("VESTIBULE_TEST_LOGS") or folder) / f"{name}-{time.monotonic_ns()}.log"
        self.log.with_suffix(".secrets").write_text(json.dumps(secrets_of(env or {})))
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=cwd)

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def await_port(self, port: int, seconds: float = 20):
        try:
            eventually(lambda: accepts(port), f"{self.name} on port {port}", seconds, self.alive)
        except AssertionError as problem:
            raise AssertionError(f"{problem}\n{self.output()[-4000:]}") from None

    def send(self, number: int):
        self.process.send_signal(number)

    def wait(self, seconds: float = 30) -> int:
        return self.process.wait(seconds * PATIENCE)

    def stop(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        if self.alive():
            self.send(number)
            try:
                return self.process.wait(seconds * PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{self.name} did not end within {seconds} s\n{self.output()[-4000:]}") from None
        return self.process.returncode


def clean_environment(**more) -> dict:
    """What every program gets of the tests' own environment: nothing that configures it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {name: str(value) for name, value in more.items() if value is not None}

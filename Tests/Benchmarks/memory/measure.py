"""Memory of the service as the kernel counts it, and the time from start to the first authorized
request with a warm database.

Idle; with idle connections that have each been answered once; with tokens and the principals of their people. No load is
made and little depends on how busy the machine is, but for the start.
"""

import os
import resource
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.crowd import acquaint  # noqa: E402
from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.programs import BINARY, Program  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

LIMIT_IDLE, LIMIT_FULL, LIMIT_START = 30.0, 300.0, 0.050
FULL, STARTS, SECOND = 100_000, 9, 20_000


def memory(pid: int, kind: str = "Private_Dirty:") -> float:
    """Bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no {kind}")


def question(token: str) -> bytes:
    return (f"GET /authorize/nginx HTTP/1.1\r\nHost: x\r\nX-Original-Method: GET\r\nX-Original-URI: /\r\n"
            f"Authorization: Bearer {token}\r\n\r\n").encode()


def ask(connection: socket.socket, bytes_: bytes):
    connection.sendall(bytes_)
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = connection.recv(4096)
        if not part:
            sys.exit("the connection was closed")
        answer += part
    if not answer.startswith(b"HTTP/1.1 200"):
        sys.exit(f"refused:\n{answer.decode()}")


def row(what: str, value: str, limit: str = "", holds: bool = True) -> bool:
    print(f"| {what} | {value} | {limit}{'' if holds else ', missed'} |", flush=True)
    return holds


def starts(service: Service, folder: Path, token: str) -> float:
    """Median seconds from the start of the process to the first allow."""
    taken = []
    for _ in range(STARTS):
        begun = time.monotonic()
        program = Program("vestibule", [BINARY, "serve"], folder, service.environment)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", service.port), 5) as connection:
                    connection.sendall(question(token))
                    if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                        break
            except ConnectionRefusedError:
                pass
            time.sleep(0.0005)
        taken.append(time.monotonic() - begun)
        program.stop()
    return statistics.median(taken)


def main() -> int:
    tokens = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wanted = min(wanted, hard - 200)
    folder = Path(tempfile.mkdtemp(prefix="vestibule-memory"))
    host, database = IssuerHost(), migrated(Database())
    held, good = [], True
    try:
        okta = host.issuer(OKTA)
        database.settle_bootstrap()
        emails = acquaint(database, okta, "acme", tokens)
        service = Service(folder, database.service_url, okta, LOG_LEVEL="warning", VESTIBULE_PRINCIPAL_TTL="3600")
        pid, address = service.program.pid, ("127.0.0.1", service.port)
        first = question(okta.token(emails[0]))
        with socket.create_connection(address, 20) as connection:
            ask(connection, first)
        print("| what | value | limit |\n|---|---|---|")
        # All of it, also the libraries' pages that other processes may share.
        whole = memory(pid, "Rss:")
        good &= row("idle, 2 threads, after the first request", f"{whole / 2**20:.1f} MiB", f"{LIMIT_IDLE:.0f} MiB",
                    whole <= LIMIT_IDLE * 2**20)
        idle = memory(pid)
        for _ in range(wanted):
            held.append(socket.create_connection(address, 20))
            ask(held[-1], first)
        kept = memory(pid)
        row(f"each of {wanted} idle connections", f"{(kept - idle) / wanted / 1000:.2f} kB")
        began = time.perf_counter()
        for _ in range(200):
            ask(held[-1], first)
        row("an answer beside them, round trip of one client", f"{(time.perf_counter() - began) / 200 * 1e6:.0f} µs")
        for connection in held:
            connection.close()
        before = memory(pid)
        claims = [okta.token(email) for email in emails]
        with socket.create_connection(address, 60) as connection:
            for token in claims:
                ask(connection, question(token))
            one, full = memory(pid), memory(pid, "Rss:")
            # A second token of each: its principal is there already.
            again = emails[:SECOND]
            for email in again:
                ask(connection, question(okta.token(email, auth_time=1)))
        both = memory(pid)
        metrics = service.get("/metrics").text
        entries = next(int(float(line.split()[1])) for line in metrics.splitlines()
                       if line.startswith("vestibule_token_cache_entries "))
        token, pair = (both - one) / len(again), (one - before) / tokens
        row(f"a remembered token, RS256, {len(claims[0])} characters", f"{token / 1000:.2f} kB")
        row("a remembered principal with one org", f"{(pair - token) / 1000:.2f} kB")
        row("tokens remembered of those shown", f"{entries} of {tokens + len(again) + 1}")
        if tokens == FULL:
            good &= row("with 100 000 tokens and principals", f"{full / 2**20:.0f} MiB", f"{LIMIT_FULL:.0f} MiB",
                        full <= LIMIT_FULL * 2**20)
        last = okta.token(emails[1])
        service.stop()
        begun = starts(service, folder, last)
        good &= row("start to the first authorized request, warm database", f"{begun * 1000:.0f} ms",
                    f"{LIMIT_START * 1000:.0f} ms", begun <= LIMIT_START)
    finally:
        for connection in held:
            connection.close()
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""CPU of a decision beside HAProxy's fixed 200 to the same requests, and the time from start to the first answer.

Both sides in one run, one thread each on the first core, wrk on the second, rounds in turn; medians.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.programs import BINARY, Program, free_port  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 5, 4, 64
LIMIT_CPU, LIMIT_START = 1.2, 0.150


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(url: str, token: str) -> int:
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-H",
               f"Authorization: Bearer {token}", "-H", "X-Original-Method: GET", "-H", "X-Original-URI: /orders", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"{url} refused requests:\n{output}")
    return next(int(line.split()[0]) for line in output.splitlines() if "requests in" in line)


def haproxy(folder: Path) -> tuple:
    port = free_port()
    path = folder / "haproxy.cfg"
    path.write_text(f"""
global
    nbthread 1
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
frontend fixed
    bind 127.0.0.1:{port}
    http-request return status 200
""")
    program = Program("haproxy", ["haproxy", "-db", "-f", str(path)], folder)
    program.await_port(port)
    return program, f"http://127.0.0.1:{port}/authorize/nginx"


def main() -> int:
    for tool in ("wrk", "haproxy", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install wrk haproxy util-linux")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench"))
    host = IssuerHost()
    database = migrated(Database())
    failed = False
    try:
        okta = host.issuer(OKTA)
        token = okta.token("ada@example.com")
        service = Service(folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning")
        proxy, fixed = haproxy(folder)
        url = service.origin + "/authorize/nginx"
        service.request("POST", "/identities/provision", token).raise_for_status()
        sides = {"vestibule": (service.program.pid, url), "haproxy": (proxy.pid, fixed)}
        for pid, _ in sides.values():
            subprocess.run(["taskset", "-a", "-p", "-c", "0", str(pid)], check=True, capture_output=True)
        cost = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, (pid, target) in sides.items():
                before = cpu_seconds(pid)
                count = load(target, token)
                cost[name].append((cpu_seconds(pid) - before) / count * 1e6)
        ours, theirs = (statistics.median(cost[name]) for name in ("vestibule", "haproxy"))
        ratio = ours / theirs
        print("| what | ours | reference | ratio | limit |\n|---|---|---|---|---|")
        print(f"| CPU of `/authorize/nginx`, token seen before, against HAProxy's fixed 200 | {ours:.1f} µs | "
              f"{theirs:.1f} µs | {ratio:.2f} | {LIMIT_CPU} |")
        failed |= ratio > LIMIT_CPU
        proxy.stop()
        service.stop()

        starts = []
        for _ in range(ROUNDS):
            begun = time.monotonic()
            again = Program("vestibule", [BINARY, "serve"], folder, service.environment)
            while True:
                try:
                    requests.get(service.origin + "/healthz", timeout=1).raise_for_status()
                    break
                except requests.ConnectionError:
                    time.sleep(0.001)
            starts.append(time.monotonic() - begun)
            again.stop()
        start = statistics.median(starts)
        print(f"| start to first answer, without migrations | {start * 1000:.0f} ms | | | {LIMIT_START * 1000:.0f} ms |")
        failed |= start > LIMIT_START
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

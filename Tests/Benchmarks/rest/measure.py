"""CPU and throughput of `GET /profiles/me` beside FastAPI with asyncpg on the same database, and memory after a million.

Both sides in one run, one thread each on the first core, wrk on the second, rounds in turn; medians. The database's own
work is on neither side.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import Database  # noqa: E402
from harness.issuers import AUDIENCE, OKTA, IssuerHost  # noqa: E402
from harness.programs import Program, free_port  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 5, 4, 32
LIMIT_CPU, LIMIT_THROUGHPUT, LIMIT_MEMORY = 0.25, 4.0, 1.10
FEW, MANY = 10_000, int(os.environ.get("VESTIBULE_REQUESTS", 1_000_000))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Resident, in KiB."""
    return next(int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
                if line.startswith("VmRSS"))


def load(target: str, token: str, seconds: int = SECONDS) -> int:
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-H",
               f"Authorization: Bearer {token}", target]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"{target} refused requests:\n{output}")
    return next(int(line.split()[0]) for line in output.splitlines() if "requests in" in line)


def peer(folder: Path, database: Database, issuer) -> tuple:
    port = free_port()
    # asyncpg takes the folder of a socket as the host of a URL, as libpq does. As the owner: no row security stands in
    # its way, which is in its favour.
    program = Program("fastapi", [
        sys.executable, "-m", "uvicorn", "peer:app", "--app-dir", str(Path(__file__).parent), "--port", str(port),
        "--log-level", "warning", "--no-access-log", "--loop", "uvloop", "--http", "httptools"], folder, os.environ | {
        "DATABASE_URL": database.owner_url, "AUDIENCE": AUDIENCE,
        "JWKS_URL": issuer.url + "/v1/keys"})
    program.await_port(port)
    return program, f"http://127.0.0.1:{port}/profiles/me"


def main() -> int:
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install wrk util-linux")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench"))
    host = IssuerHost()
    database = migrated(Database())
    failed = False
    try:
        okta = host.issuer(OKTA)
        token = okta.token("ada@example.com")
        service = Service(folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning",
                          VESTIBULE_RATE_LIMIT=0)
        service.request("POST", "/identities/provision", token).raise_for_status()
        other, theirs = peer(folder, database, okta)
        ours = service.origin + "/profiles/me"
        answers = [httpx.get(each, headers={"Authorization": f"Bearer {token}"}).json()["data"]
                   for each in (ours, theirs)]
        if {name for name in answers[0]} != {name for name in answers[1]}:
            sys.exit(f"the two don't say the same:\n{answers[0]}\n{answers[1]}")
        sides = {"vestibule": (service.program.pid, ours), "fastapi": (other.pid, theirs)}
        for pid, _ in sides.values():
            subprocess.run(["taskset", "-a", "-p", "-c", "0", str(pid)], check=True, capture_output=True)
        cost, speed = {name: [] for name in sides}, {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, (pid, target) in sides.items():
                before = cpu_seconds(pid)
                count = load(target, token)
                cost[name].append((cpu_seconds(pid) - before) / count * 1e6)
                speed[name].append(count / SECONDS)
        mine, its = (statistics.median(cost[name]) for name in sides)
        fast, slow = (statistics.median(speed[name]) for name in sides)
        other.stop()
        print("| what | ours | reference | ratio | limit |\n|---|---|---|---|---|")
        print(f"| CPU of `GET /profiles/me` against FastAPI with asyncpg | {mine:.0f} µs | {its:.0f} µs | "
              f"{mine / its:.2f} | {LIMIT_CPU} |")
        print(f"| requests a second of the same | {fast:.0f} | {slow:.0f} | {fast / slow:.1f} | "
              f"at least {LIMIT_THROUGHPUT:.0f} |")
        failed |= mine / its > LIMIT_CPU or fast / slow < LIMIT_THROUGHPUT

        again = Service(folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning",
                        VESTIBULE_RATE_LIMIT=0)
        again.get("/profiles/me", token).raise_for_status()
        done, early = 0, None
        while done < MANY:
            done += load(again.origin + "/profiles/me", token, 1 if early is None else 10)
            if early is None and done >= FEW:
                early = memory(again.program.pid)
        late = memory(again.program.pid)
        print(f"| memory after {done} requests, against after the first {FEW} | {late / 1024:.1f} MiB | "
              f"{early / 1024:.1f} MiB | {late / early:.2f} | {LIMIT_MEMORY:.2f} |")
        failed |= late / early > LIMIT_MEMORY
        again.stop()
        service.stop()
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

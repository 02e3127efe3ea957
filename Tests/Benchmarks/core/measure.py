"""CPU and throughput of `POST /api/v1/core/rbac/check` beside FastAPI with asyncpg on the same database.

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
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.programs import Program, free_port  # noqa: E402
from harness.service import Service, migrated, vestibule  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 5, 4, 32
LIMIT_CPU, LIMIT_THROUGHPUT = 0.25, 4.0
PATH = "/api/v1/core/rbac/check"


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(folder: Path, target: str, key: str, body: str) -> int:
    script = folder / "post.lua"
    script.write_text(f"""wrk.method = "POST"
wrk.body = [[{body}]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-API-Key"] = "{key}"
""")
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-s", script, target]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"{target} refused requests:\n{output}")
    return next(int(line.split()[0]) for line in output.splitlines() if "requests in" in line)


def main() -> int:
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install wrk util-linux")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench"))
    host = IssuerHost()
    database = migrated(Database())
    try:
        okta = host.issuer(OKTA)
        service = Service(folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning",
                          VESTIBULE_RATE_LIMIT=0)
        made = service.request("POST", "/identities/provision", okta.token("ada@example.com"))
        made.raise_for_status()
        key = vestibule("keys", "create", "Bench", "--module", "bench",
                        env={"DATABASE_URL": database.service_url}).stdout.strip()
        body = f'{{"user_id": "{made.json()["data"]["user"]["id"]}", "permission": "members:manage"}}'
        port = free_port()
        other = Program("fastapi", [
            sys.executable, "-m", "uvicorn", "peer:app", "--app-dir", str(Path(__file__).parent), "--port", str(port),
            "--log-level", "warning", "--no-access-log", "--loop", "uvloop", "--http", "httptools"], folder,
            os.environ | {"DATABASE_URL": database.owner_url})
        other.await_port(port)
        sides = {"vestibule": (service.program.pid, service.origin + PATH),
                 "fastapi": (other.pid, f"http://127.0.0.1:{port}{PATH}")}
        for pid, target in sides.values():
            subprocess.run(["taskset", "-a", "-p", "-c", "0", str(pid)], check=True, capture_output=True)
            answer = httpx.post(target, content=body, headers={"X-API-Key": key, "Content-Type": "application/json"})
            if answer.json() != {"allowed": True}:
                sys.exit(f"{target} says {answer.text}")
        cost, speed = {name: [] for name in sides}, {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, (pid, target) in sides.items():
                before = cpu_seconds(pid)
                count = load(folder, target, key, body)
                cost[name].append((cpu_seconds(pid) - before) / count * 1e6)
                speed[name].append(count / SECONDS)
        other.stop()
        service.stop()
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    mine, its = (statistics.median(cost[name]) for name in sides)
    fast, slow = (statistics.median(speed[name]) for name in sides)
    print("| what | ours | reference | ratio | limit |\n|---|---|---|---|---|")
    print(f"| CPU of `POST {PATH}` against FastAPI with asyncpg | {mine:.1f} µs | {its:.0f} µs | {mine / its:.3f} | "
          f"{LIMIT_CPU} |")
    print(f"| requests a second of the same | {fast:.0f} | {slow:.0f} | {fast / slow:.1f} | at least "
          f"{LIMIT_THROUGHPUT:.0f} |")
    return 1 if mine / its > LIMIT_CPU or fast / slow < LIMIT_THROUGHPUT else 0


if __name__ == "__main__":
    sys.exit(main())

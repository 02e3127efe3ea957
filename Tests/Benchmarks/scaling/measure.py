"""Whether throughput grows with the loops, also on few long-lived connections, as gateways keep them.

What costs the service most and the load generator least is asked for: tokens whose signature is verified each time (no
token cache). Generator and service share the machine's cores, so on two cores 2 can't be reached; what the generator
took is told, and the ratio is also given for the processor time that was left to the service.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, CONNECTIONS, LIMIT = 3, (64, 16, 4, 1), 1.8


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(url: str, token: str, connections: int, seconds: int) -> tuple[float, float]:
    """Requests a second, and the processor time of the generator a second."""
    before = os.times()
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-H", f"Authorization: Bearer {token}",
         "-H", "X-Original-Method: GET", "-H", "X-Original-URI: /orders", url],
        check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"refused:\n{output}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), spent / seconds


def main() -> int:
    if not shutil.which("wrk"):
        sys.exit("wrk is missing; apt-get install wrk")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    folder = Path(tempfile.mkdtemp(prefix="vestibule-scaling"))
    host, database, services = IssuerHost(), migrated(Database()), {}
    rate, used, generator = {}, {}, {}
    try:
        okta = host.issuer(OKTA)
        token = okta.token("ada@example.com")
        for loops in (1, 2):
            services[loops] = Service(folder, database.service_url, okta, VESTIBULE_THREADS=str(loops),
                                      LOG_LEVEL="warning", VESTIBULE_TOKEN_CACHE="0")
            services[loops].request("POST", "/identities/provision", token).raise_for_status()
        for _ in range(ROUNDS):
            for connections in CONNECTIONS:
                for loops, service in services.items():
                    before = cpu_seconds(service.program.pid)
                    one, spent = load(service.origin + "/authorize/nginx", token, connections, seconds)
                    key = connections, loops
                    rate.setdefault(key, []).append(one)
                    used.setdefault(key, []).append((cpu_seconds(service.program.pid) - before) / seconds)
                    generator.setdefault(key, []).append(spent)
        for service in services.values():
            service.stop()
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    good = True
    print("| connections | 1 loop | 2 loops | ratio | cores used by 1, by 2 | by the generator | limit |")
    print("|---|---|---|---|---|---|---|")
    for connections in CONNECTIONS:
        one, two = (statistics.median(rate[connections, loops]) for loops in (1, 2))
        cores = [statistics.median(used[connections, loops]) for loops in (1, 2)]
        spent = statistics.median(generator[connections, 2])
        # With one connection there is one request at a time, and a second loop has nothing to do.
        limit = f"{LIMIT} where the cores are free" if connections > 1 else ""
        print(f"| {connections} | {one:.0f} | {two:.0f} | {two / one:.2f} | {cores[0]:.2f}, {cores[1]:.2f} | {spent:.2f} | "
              f"{limit} |")
        # The generator's share of the two cores is not the service's to use.
        if connections >= 16 and two / one < LIMIT * (2 - spent) / 2:
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

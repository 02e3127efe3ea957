"""Whether a flood of tokens that were never seen makes those wait that were.

One connection asks with a token seen before, as fast as answers come; first alone, then while others send a new RS256
token with each request. Quiet and flooded rounds in turn, one service thread on the first core, both generators on the
second; the median of the rounds' 99th percentiles.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, SECONDS, FLOOD_CONNECTIONS, TOKENS = 5, 3, 16, 4000
LIMIT = 2.0
SCRIPT = """
local tokens = {}
for line in io.lines("%s") do tokens[#tokens + 1] = line end
local at = 0
function request()
    at = at %% #tokens + 1
    wrk.headers["Authorization"] = "Bearer " .. tokens[at]
    return wrk.format("GET")
end
"""
HEADERS = ["-H", "X-Original-Method: GET", "-H", "X-Original-URI: /orders"]
UNITS = {"us": 1, "ms": 1000, "s": 1_000_000}


def seen(url: str, token: str) -> tuple[float, float]:
    """Median and 99th percentile in microseconds."""
    output = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c1", f"-d{SECONDS}", "--latency", *HEADERS, "-H",
         f"Authorization: Bearer {token}", url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output:
        sys.exit(f"refused:\n{output}")
    found = {percent: float(value) * UNITS[unit]
             for percent, value, unit in re.findall(r"^\s+(\d+)%\s+([\d.]+)(us|ms|s)$", output, re.M)}
    return found["50"], found["99"]


def main() -> int:
    for tool in ("wrk", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install wrk util-linux")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-flood"))
    host, database = IssuerHost(), migrated(Database())
    try:
        okta = host.issuer(OKTA)
        token = okta.token("ada@example.com")
        # Nothing is remembered but the principal, so that each token of the flood is unseen each time round.
        service = Service(
            folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="error", VESTIBULE_TOKEN_CACHE="1000")
        service.request("POST", "/identities/provision", token).raise_for_status()
        (folder / "tokens").write_text("\n".join(
            okta.token("ada@example.com", jti=uuid.uuid4().hex) for _ in range(TOKENS)))
        (folder / "flood.lua").write_text(SCRIPT % (folder / "tokens"))
        subprocess.run(["taskset", "-a", "-p", "-c", "0", str(service.program.pid)], check=True, capture_output=True)
        url = service.origin + "/authorize/nginx"
        quiet, flooded, rate = [], [], 0.0
        for _ in range(ROUNDS):
            quiet.append(seen(url, token))
            with subprocess.Popen(
                    ["taskset", "-c", "1", "wrk", "-t1", f"-c{FLOOD_CONNECTIONS}", f"-d{SECONDS + 1}", *HEADERS, "-s",
                     str(folder / "flood.lua"), url], stdout=subprocess.PIPE, text=True) as flood:
                flooded.append(seen(url, token))
                output = flood.communicate()[0]
            rate = max(rate, float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)))
        service.stop()
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    at_rest, under = (statistics.median(p99 for _, p99 in side) for side in (quiet, flooded))
    middle = [statistics.median(p50 for p50, _ in side) for side in (quiet, flooded)]
    print("| what | flooded | quiet | ratio | limit |\n|---|---|---|---|---|")
    print(f"| median of a token seen before, {rate:.0f} unseen a second beside it | {middle[1]:.0f} µs | "
          f"{middle[0]:.0f} µs | {middle[1] / middle[0]:.2f} | |")
    print(f"| 99th percentile | {under:.0f} µs | {at_rest:.0f} µs | {under / at_rest:.2f} | {LIMIT} |")
    return 1 if under / at_rest > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())

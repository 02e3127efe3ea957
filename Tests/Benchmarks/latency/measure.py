"""Latency at 80 % of saturation: the service, HAProxy verifying the same token, and HAProxy's fixed 200.

h2load asks as fast as it can first, then at a steady rate of 80 % of what came of it, each service at its own; rounds in
turn, one thread of the service on the first core, the generator on the second; the medians of the rounds' percentiles.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402
from harness.database import Database  # noqa: E402
from harness.issuers import AUDIENCE, OKTA, IssuerHost  # noqa: E402
from harness.programs import Program, free_port  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, CLIENTS, SHARE = 3, 32, 0.8
#: Against the peer that verifies, by 99th percentile.
LIMIT = 1.0


def generate(url: str, token: str, seconds: int, log: Path, rate: float = 0) -> tuple[float, list]:
    """Requests a second, and the microseconds that each answer took."""
    log.unlink(missing_ok=True)
    command = ["taskset", "-c", "1", "h2load", "--h1", f"-c{CLIENTS}", "-t1", f"-D{seconds}", "--warm-up-time=1",
               f"--log-file={log}", "-H", f"Authorization: Bearer {token}", "-H", "X-Original-Method: GET",
               "-H", "X-Original-URI: /orders", url]
    if rate:
        command.insert(-1, f"--rps={max(1, round(rate / CLIENTS))}")
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    if not rows or any(row[1] != "200" for row in rows):
        sys.exit(f"{url} refused requests:\n{output}")
    taken = sorted(int(row[2]) for row in rows)
    return float(re.search(r"finished in [\d.]+m?s, ([\d.]+) req/s", output).group(1)), taken


def haproxy(folder: Path, name: str, rules: str) -> tuple:
    port, path = free_port(), folder / f"{name}.cfg"
    path.write_text(f"""
global
    nbthread 1
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 5s
frontend f
    bind 127.0.0.1:{port}
{rules}
    http-request return status 200
""")
    program = Program(name, ["haproxy", "-db", "-f", str(path)], folder)
    program.await_port(port)
    return program, f"http://127.0.0.1:{port}/authorize/nginx"


def verifying(folder: Path, okta) -> tuple:
    """What HAProxy can look at: algorithm, issuer, audience, expiry, signature."""
    pem = folder / "key.pem"
    pem.write_bytes(okta.key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return haproxy(folder, "haproxy-jwt", f"""
    http-request set-var(txn.bearer) http_auth_bearer
    http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
    http-request return status 401 unless {{ var(txn.alg) -m str RS256 }}
    http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')
    http-request set-var(txn.aud) var(txn.bearer),jwt_payload_query('$.aud')
    http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
    http-request set-var(txn.now) date()
    http-request return status 401 unless {{ var(txn.iss) -m str {okta.url} }} {{ var(txn.aud) -m str {AUDIENCE} }}
    http-request return status 401 unless {{ var(txn.exp),sub(txn.now) -m int gt 0 }}
    http-request set-var(txn.signed) var(txn.bearer),jwt_verify(txn.alg,"{pem}")
    http-request return status 401 unless {{ var(txn.signed) -m int 1 }}""")


def main() -> int:
    for tool in ("h2load", "haproxy", "taskset"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install nghttp2-client haproxy util-linux")
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    folder = Path(tempfile.mkdtemp(prefix="vestibule-latency"))
    host, database, programs = IssuerHost(), migrated(Database()), []
    found, rates = {}, {}
    try:
        okta = host.issuer(OKTA)
        token = okta.token("ada@example.com")
        service = Service(folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning")
        service.request("POST", "/identities/provision", token).raise_for_status()
        programs = [verifying(folder, okta), haproxy(folder, "haproxy-fixed", "")]
        sides = {"vestibule": (service.program, service.origin + "/authorize/nginx"),
                 "HAProxy, jwt_verify": programs[0], "HAProxy, fixed 200": programs[1]}
        for program, _ in sides.values():
            subprocess.run(["taskset", "-a", "-p", "-c", "0", str(program.pid)], check=True, capture_output=True)
        log = folder / "log"
        for name, (_, url) in sides.items():
            rates[name] = generate(url, token, 2, log)[0]
        for _ in range(ROUNDS):
            for name, (_, url) in sides.items():
                taken = generate(url, token, seconds, log, rates[name] * SHARE)[1]
                found.setdefault(name, []).append([taken[len(taken) * share // 1000] for share in (500, 990, 999)])
        for program, _ in programs:
            program.stop()
        service.stop()
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("| at 80 % of its saturation | requests a second | median | 99th | 99.9th |\n|---|---|---|---|---|")
    middle = {}
    for name, rounds in found.items():
        middle[name] = [statistics.median(one) for one in zip(*rounds)]
        p50, p99, p999 = middle[name]
        print(f"| {name} | {rates[name] * SHARE:.0f} | {p50:.0f} µs | {p99:.0f} µs | {p999:.0f} µs |")
    ratio = middle["vestibule"][1] / middle["HAProxy, jwt_verify"][1]
    print(f"\n99th percentile against the peer that verifies: {ratio:.2f}; limit {LIMIT}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

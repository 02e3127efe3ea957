"""Instructions of the service for one request on each of its hot paths, as callgrind counts them, against thresholds.json.

No clock is looked at, so that a busy machine changes nothing; another compiler or library may. `--write` makes the present
counts, and a tenth more, the thresholds.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness import programs  # noqa: E402
from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

THRESHOLDS = Path(__file__).parent / "thresholds.json"
ROOM = 1.1
COUNT = 500


class Counted(Service):
    """The service under callgrind, which counts nothing until it is asked to."""

    def __init__(self, folder: Path, *arguments, **settings):
        self.folder = folder
        wrapper = folder / "vestibule-counted"
        wrapper.write_text(
            "#!/bin/sh\nexec valgrind -q --tool=callgrind --instr-atstart=no --callgrind-out-file="
            f"{folder}/counts.%p '{programs.BINARY}' \"$@\"\n")
        wrapper.chmod(0o755)
        from harness import service
        service.BINARY = wrapper
        super().__init__(folder, *arguments, **settings)

    def control(self, *words):
        subprocess.run(["callgrind_control", *words, str(self.program.pid)], check=True, capture_output=True)

    def dumped(self) -> set:
        return set(self.folder.glob("counts.*"))

    def count(self, requests: list) -> float:
        """Instructions of one of the requests, sent one after the other on one connection."""
        exchange(self.port, requests[:20])
        self.control("--instr=on")
        self.control("--zero")
        exchange(self.port, requests[20:])
        before = self.dumped()
        self.control("--dump")
        self.control("--instr=off")
        total = sum(int(number) for path in self.dumped() - before
                    for number in re.findall(r"^(?:totals|summary): (\d+)", path.read_text(), re.M)[:1])
        return total / (len(requests) - 20)


def request(path: str, token: str | None) -> bytes:
    fields = [f"GET {path} HTTP/1.1", "Host: vestibule", "X-Original-Method: GET", "X-Original-URI: /orders"]
    if token:
        fields.append(f"Authorization: Bearer {token}")
    return ("\r\n".join(fields) + "\r\n\r\n").encode()


def exchange(port: int, requests: list):
    """Sends each request when the answer to the one before it has come."""
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        reader = connection.makefile("rb")
        for bytes_ in requests:
            connection.sendall(bytes_)
            length = 0
            while (line := reader.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            reader.read(length)


def measure(service: Service, okta) -> dict:
    token = okta.token("ada@example.com")
    service.request("POST", "/identities/provision", token).raise_for_status()
    gateway = "/authorize/nginx"
    assert service.authorize(token).status_code == 200
    fresh = [okta.token("ada@example.com", jti=uuid.uuid4().hex) for _ in range(COUNT // 5)]
    unknown = [okta.token("ada@example.com", {"kid": "unknown"}, jti=uuid.uuid4().hex) for _ in range(COUNT // 5)]
    return {
        "health": service.count([request("/healthz", None)] * COUNT),
        "authorize, token seen before": service.count([request(gateway, token)] * COUNT),
        "authorize, token not seen before (RS256)": service.count([request(gateway, each) for each in fresh]),
        "authorize, unknown key": service.count([request(gateway, each) for each in unknown]),
        "authorize, wrong signature": service.count(
            [request(gateway, each[:-8] + "AAAAAAAA") for each in fresh]),
        "authorize, no token at all": service.count([request(gateway, None)] * COUNT),
        "authorize, malformed token": service.count([request(gateway, "rubbish")] * COUNT),
    }


def with_rules(number: int) -> dict:
    """Route rules of which the one that is asked for comes last."""
    rules = [{"method": "GET", "path": f"/area{n}/{{name}}/**", "require": "authenticated"} for n in range(number - 1)]
    return {"routes": rules + [{"method": "GET", "path": "/orders/**", "require": "authenticated"}]}


def measure_rules(folder: Path, url: str, okta) -> dict:
    counts = {}
    for number in (10, 1000):
        path = folder / f"rules-{number}.json"
        path.write_text(json.dumps(with_rules(number)))
        service = Counted(folder, url, okta, config=path, VESTIBULE_THREADS="1", LOG_LEVEL="warning")
        token = okta.token("ada@example.com")
        assert service.authorize(token, uri="/orders").status_code == 200
        counts[f"authorize, token seen before, {number} route rules"] = service.count(
            [request("/authorize/nginx", token)] * COUNT)
        service.stop(60)
    return counts


def main() -> int:
    for tool in ("valgrind", "callgrind_control"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install valgrind")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-instructions"))
    host, database = IssuerHost(), migrated(Database())
    try:
        okta = host.issuer(OKTA)
        service = Counted(
            folder, database.service_url, okta, VESTIBULE_THREADS="1", LOG_LEVEL="warning", VESTIBULE_RATE_LIMIT="0")
        counts = measure(service, okta)
        service.stop(60)
        counts |= measure_rules(folder, database.service_url, okta)
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    if "--write" in sys.argv[1:]:
        THRESHOLDS.write_text(json.dumps({name: round(count * ROOM) for name, count in counts.items()}, indent=1) + "\n")
    limits = json.loads(THRESHOLDS.read_text())
    missed = [name for name in counts if counts[name] > limits.get(name, 0)]
    print("| path | instructions a request | limit |\n|---|---|---|")
    for name, count in counts.items():
        print(f"| {name} | {count:,.0f} | {limits.get(name, 0):,} |")
    if missed:
        print(f"more than allowed: {'; '.join(missed)}")
    return 1 if missed or limits.keys() != counts.keys() else 0


if __name__ == "__main__":
    sys.exit(main())

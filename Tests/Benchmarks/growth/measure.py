"""How fast `vestibule import` is, and whether costs grow with the number of users.

Two databases, one with 10 000 users and one with many, are filled by `vestibule import`. Then two instances, one on each,
are asked in turn by one client, so that whatever else the machine does befalls both alike; medians.
"""

import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.programs import BINARY, ROOT, clean_environment  # noqa: E402
from harness.service import Service, issuer_environment, migrated  # noqa: E402

SMALL, CALLS, TURNS = 10_000, 300, 5
LIMIT_RATE, LIMIT_RATIO, LIMIT_MEMORY = 20_000, 1.3, 1.3
ORGS = 1000


class Side:
    """A database with so many users, 1000 orgs, and each user in one."""

    def __init__(self, folder: Path, okta, users: int):
        self.okta, self.users, self.folder = okta, users, folder
        self.database = migrated(Database())
        self.database.settle_bootstrap()
        self.database.run(
            "INSERT INTO org (name, slug) SELECT 'Org ' || n, 'org-' || n FROM generate_series(0, %s) n", ORGS - 1)
        self.database.domain(self.database.one("SELECT id FROM org WHERE slug = 'org-0'"), "new.example")
        self.figures = self.load(0, users)
        self.database.run("VACUUM ANALYZE")
        self.spent = {}

    def load(self, first: int, count: int) -> dict:
        path = self.folder / f"{self.users}-{first}.ndjson"
        with path.open("w") as file:
            for n in range(first, first + count):
                email = f"user{n}@bulk.example"
                file.write(f'{{"subject":"{self.okta.subject(email)}","email":"{email}","full_name":"User {n}",'
                           f'"first_name":"User","last_name":"{n}","org_slug":"org-{n % ORGS}"}}\n')
        env = clean_environment(DATABASE_URL=self.database.service_url, **issuer_environment(self.okta))
        began = time.monotonic()
        process = subprocess.Popen([BINARY, "import", path, "--provider", "okta"], env=env, cwd=ROOT,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        path.unlink()
        if os.waitstatus_to_exitcode(status) != 0 or not re.match(rf"{count} lines, {count} created", said):
            sys.exit(f"the import failed: {said}")
        return {"rate": count / seconds, "memory": usage.ru_maxrss / 1024}

    def start(self):
        self.service = Service(self.folder, self.database.service_url, self.okta, VESTIBULE_THREADS="1",
                               LOG_LEVEL="warning", VESTIBULE_RATE_LIMIT="0")

    def time(self, what: str, status: int, method: str, path: str, token: str, headers=None):
        began = time.perf_counter()
        response = self.service.request(method, path, token, headers=headers)
        self.spent.setdefault(what, []).append(time.perf_counter() - began)
        if response.status_code != status:
            sys.exit(f"{what}: {response.status_code} {response.text}")

    def round(self):
        original = {"X-Original-Method": "GET", "X-Original-URI": "/orders"}
        newcomer = self.okta.token(f"n-{uuid.uuid4().hex}@new.example")
        self.time("first login", 201, "POST", "/identities/provision", newcomer)
        first, second = (self.okta.token(f"user{n}@bulk.example") for n in random.sample(range(self.users), 2))
        self.time("profile of somebody not seen before", 200, "GET", "/profiles/me", first)
        self.time("authorize, somebody not seen before", 200, "GET", "/authorize/nginx", second, original)
        self.time("authorize, seen before", 200, "GET", "/authorize/nginx", second, original)

    def end(self):
        if hasattr(self, "service"):
            self.service.stop()
        self.database.drop()


def main() -> int:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench"))
    host = IssuerHost()
    sides, failed = [], False
    try:
        okta = host.issuer(OKTA)
        sides = [Side(folder, okta, users) for users in (SMALL, many)]
        small, large = sides
        print(f"| what | {SMALL} users | {many} users | ratio | limit |\n|---|---|---|---|---|")
        # The same number on top of what is there, in turns.
        more = [[side.load(side.users + turn * SMALL, SMALL)["rate"] for side in sides] for turn in range(TURNS)]
        more = [statistics.median(rates) for rates in zip(*more)]
        rate, memory = large.figures["rate"], [side.figures["memory"] for side in sides]
        print(f"| import, users a second, the whole file | {small.figures['rate']:.0f} | {rate:.0f} | | ≥ {LIMIT_RATE} |")
        growth = more[0] / more[1]
        print(f"| time of importing {SMALL} more | {SMALL / more[0]:.2f} s | {SMALL / more[1]:.2f} s | "
              f"{growth:.2f} | {LIMIT_RATIO} |")
        print(f"| peak memory of the import | {memory[0]:.0f} MiB | {memory[1]:.0f} MiB | "
              f"{memory[1] / memory[0]:.2f} | {LIMIT_MEMORY} |", flush=True)
        failed |= rate < LIMIT_RATE or growth > LIMIT_RATIO or memory[1] / memory[0] > LIMIT_MEMORY
        for side in sides:
            side.start()
        for number in range(CALLS + 20):
            if number == 20:  # connections and caches are warm
                for side in sides:
                    side.spent.clear()
            for side in random.sample(sides, 2):
                side.round()
        for what in small.spent:
            ours = [statistics.median(side.spent[what]) * 1000 for side in sides]
            ratio = ours[1] / ours[0]
            print(f"| {what} | {ours[0]:.2f} ms | {ours[1]:.2f} ms | {ratio:.2f} | {LIMIT_RATIO} |")
            failed |= ratio > LIMIT_RATIO
    finally:
        for side in sides:
            side.end()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

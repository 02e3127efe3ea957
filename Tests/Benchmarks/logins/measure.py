"""First logins a second beside pgbench, which runs the same statements as one prepared function.

One server, one count of clients, rounds in turn; medians. Half come by an invite, half by a verified domain.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))
sys.path.insert(0, str(Path(__file__).parent))

from statements import function  # noqa: E402

from harness.database import Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.service import Service, migrated  # noqa: E402

ROUNDS, SECONDS, CLIENTS, TOKENS = 5, 3, 16, 20_000
#: Ours come after all those of pgbench.
OFFSET = 1_000_000
LIMIT = 0.8


def prepare(database: Database) -> str:
    """An org that people get into, and pgbench's function."""
    database.settle_bootstrap()
    org = database.org("bench")
    database.domain(org, "domain.example")
    database.run("CREATE FUNCTION invite_id(bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$"
                 " SELECT ('00000000-0000-7000-8000-' || lpad(to_hex($1), 12, '0'))::uuid $$")
    database.run(function("bench_login"))
    database.run("CREATE SEQUENCE bench_numbers")
    database.run("GRANT EXECUTE ON FUNCTION bench_login, invite_id TO service_role")
    database.run("GRANT USAGE ON SEQUENCE bench_numbers TO service_role")
    return org


def invite(database: Database, org: str, first: int):
    database.run("INSERT INTO org_invites (id, org_id, email, role) SELECT invite_id(n), %s::uuid,"
                 " 'bench-' || n || '@invite.example', 'org_user' FROM generate_series(%s::bigint, %s::bigint, 2) n",
                 org, first, first + TOKENS)


def sign(path: Path, okta):
    def token(number: int) -> str:
        return okta.token(f"bench-{OFFSET + number}@{'domain' if number % 2 else 'invite'}.example")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        path.write_text("".join(f"{each}\n" for each in pool.map(token, range(TOKENS))))


class Ours:
    """wrk with tokens that were signed before."""

    def __init__(self, folder: Path, service: Service, okta):
        self.tokens, self.service, self.used = folder / "tokens", service, 0
        sign(self.tokens, okta)

    def round(self) -> tuple:
        output = subprocess.run(
            ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}", "--timeout", "60", "-s", str(Path(__file__).parent / "logins.lua"),
             self.service.origin, "--", str(self.tokens), str(self.used)], check=True, capture_output=True, text=True).stdout
        values = re.search(r"logins (\d+) refused (\d+) used (\d+) seconds ([\d.]+)", output).groups()
        count, refused, self.used = map(int, values[:3])
        if refused or self.used > TOKENS:
            sys.exit(f"{refused} logins were refused, {self.used} of {TOKENS} tokens used\n{self.service.output()[-2000:]}")
        return count, count / float(values[3])


class Reference:
    """pgbench over as many connections."""

    def __init__(self, folder: Path, database: Database, issuer: str, org: str):
        self.script, self.url = folder / "login.sql", database.service_url
        self.script.write_text(f"SELECT bench_login(nextval('bench_numbers'), '{issuer}', '{org}');\n")

    def round(self) -> tuple:
        output = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", str(SECONDS), "-f", str(self.script),
             self.url], check=True, capture_output=True, text=True,
            env=os.environ | {"PGOPTIONS": "-c role=service_role"}).stdout
        return (int(re.search(r"actually processed: (\d+)", output)[1]),
                float(re.search(r"tps = ([\d.]+) \(without initial", output)[1]))


def main() -> int:
    for tool in ("wrk", "pgbench"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; apt-get install wrk postgresql")
    folder = Path(tempfile.mkdtemp(prefix="vestibule-bench"))
    host = IssuerHost()
    database = migrated(Database())
    try:
        okta = host.issuer(OKTA)
        org = prepare(database)
        service = Service(folder, database.service_url, okta, LOG_LEVEL="warning", VESTIBULE_UPKEEP=0,
                          VESTIBULE_RATE_LIMIT=0, VESTIBULE_DATABASE_CONNECTIONS=CLIENTS)
        invite(database, org, 0)
        invite(database, org, OFFSET)
        sides = {"ours": Ours(folder, service, okta), "pgbench": Reference(folder, database, okta.url, org)}
        measured = {name: [] for name in sides}
        for each in range(ROUNDS + 1):
            for name, side in sides.items():
                before = database.counts()
                count, rate = side.round()
                after = database.counts()
                for table in ("auth.users", "profiles", "external_identities", "org_members"):
                    # What is under way at the end is finished, too.
                    if not count <= after[table] - before[table] <= count + CLIENTS:
                        sys.exit(f"{name}: {after[table] - before[table]} new rows in {table}, not {count}")
                # The first round warms up.
                measured[name] += [rate] if each else []
        mine, theirs = (statistics.median(measured[name]) for name in ("ours", "pgbench"))
        ratio = mine / theirs
        print("| what | ours | reference | ratio | limit |\n|---|---|---|---|---|")
        print(f"| first logins a second, against pgbench with the same statements as one prepared function, {CLIENTS} clients | "
              f"{mine:.0f} | {theirs:.0f} | {ratio:.2f} | at least {LIMIT} |")
        service.stop()
        return 1 if ratio < LIMIT else 0
    finally:
        database.drop()
        host.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

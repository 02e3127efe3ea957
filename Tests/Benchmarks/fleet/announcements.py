"""First logins with a synchronous standby that is far away, beside transactions that announce something.

PostgreSQL commits the latter one after the other, each with its wait for the standby.
"""

import os
import re
import subprocess

from fleet import SESSIONS, Fleet
from throughput import Tokens, once

#: Each way, and each piece of data.
DELAY = 0.015
#: First logins beside transactions that announce something, of as many clients.
LIMIT = 1.5
BENCHES = {"an insert": "INSERT INTO things VALUES (1);\n",
           "an insert that announces something": "BEGIN; INSERT INTO things VALUES (1); SELECT pg_notify('any', 'thing'); COMMIT;\n"}


def pgbench(fleet: Fleet, text: str, clients: int, seconds: int) -> float:
    script = fleet.folder / "bench.sql"
    script.write_text(text)
    output = subprocess.run(
        ["pgbench", "-n", "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", script, fleet.primary.url], check=True,
        capture_output=True, text=True, env=os.environ | {"PGOPTIONS": "-c synchronous_commit=on"}).stdout
    return float(re.search(r"tps = ([\d.]+) \(without initial", output).group(1))


def measure(quick: bool) -> bool:
    seconds = 3 if quick else 6
    fleet, rates = Fleet(delay=DELAY, LOG_LEVEL="warning"), {}
    try:
        fleet.start()
        new = Tokens(fleet.folder / "new", [fleet.okta.token(f"new-{number}@domain.example") for number in range(900 * seconds)])
        subprocess.run(["psql", "-q", fleet.primary.url, "-c", "CREATE TABLE things (n int)"], check=True)
        for what, text in BENCHES.items():
            for clients in (1, SESSIONS):
                rates[what, clients] = pgbench(fleet, text, clients, seconds)
        for clients in (1, SESSIONS):
            asked, took = once(seconds, fleet.services[0].origin, "POST", "/identities/provision", new, 201, clients)
            rates["a first login", clients] = asked / took
    finally:
        fleet.close()
    print(f"| a synchronous standby {DELAY * 1000:.0f} ms away, each way | 1 client | {SESSIONS} clients | limit |\n|---|---|---|---|")
    ratio = rates["a first login", SESSIONS] / rates["an insert that announces something", SESSIONS]
    for what in [*BENCHES, "a first login"]:
        limit = "" if what in BENCHES else f"{ratio:.1f} of what announces; at least {LIMIT}{'' if ratio >= LIMIT else ', missed'}"
        print(f"| {what} | {rates[what, 1]:.0f} /s | {rates[what, SESSIONS]:.0f} /s | {limit} |")
    print(flush=True)
    return ratio >= LIMIT

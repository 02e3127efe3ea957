"""What one, two and three instances do, and what a request costs each part of the fleet."""

import collections
import re
import statistics
import subprocess
import sys
from pathlib import Path

import httpx
from fleet import SESSIONS, Fleet, cpu_seconds

from harness.crowd import acquaint

CONNECTIONS = 48
#: Processor time of an instance for a request, three instances against one, each asked equally often: an instance that
#: is asked less often wakes up for fewer requests at once.
LIMIT = 1.3
#: So often, where it is not as often as possible.
STEADY = {"authorize": 1500, "rest": 120}
PARTS = ("instances", "gateway", "PgBouncer", "primary", "standby")


class Tokens:
    """A file of tokens, each of which is shown once."""

    def __init__(self, path: Path, tokens: list):
        path.write_text("".join(f"{one}\n" for one in tokens))
        self.path, self.count, self.used = path, len(tokens), 0


def wrk(seconds: int, url: str, *arguments, connections: int = CONNECTIONS) -> str:
    return subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "30", *map(str, arguments[:2]), url,
                           *map(str, arguments[2:])], check=True, capture_output=True, text=True).stdout


def repeat(seconds: int, url: str, token: str) -> tuple:
    """Requests, and the seconds that they took."""
    output = wrk(seconds, url, "-H", f"Authorization: Bearer {token}")
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit(f"{url} refused requests:\n{output}")
    count, unit = re.search(r"requests in ([\d.]+)(s|m)", output).groups()
    return int(re.search(r"(\d+) requests in", output).group(1)), float(count) * (60 if unit == "m" else 1)


def steady(seconds: int, url: str, token: str, rate: int, count: int) -> tuple:
    """At this rate for each of the instances."""
    output = subprocess.run(
        ["h2load", "--h1", "-t1", f"-c{12 * count}", f"-D{seconds}", f"--rps={rate / 12:.2f}", "-H",
         f"Authorization: Bearer {token}", url], check=True, capture_output=True, text=True).stdout
    done, good = map(int, re.search(r"(\d+) done, (\d+) succeeded", output).groups())
    if done != good:
        sys.exit(f"{url} refused requests:\n{output}")
    return done, seconds


def once(seconds: int, url: str, method: str, path: str, tokens: Tokens, status: int,
         connections: int = CONNECTIONS) -> tuple:
    output = wrk(seconds, url, "-s", Path(__file__).with_name("once.lua"), "--", method, path, tokens.path, tokens.used, status,
                 connections=connections)
    asked, refused, last, tokens.used, took = re.search(
        r"asked (\d+) refused (\d+) last (\d+) used (\d+) seconds ([\d.]+)", output).groups()
    tokens.used = int(tokens.used)
    if int(refused) or tokens.used > tokens.count:
        sys.exit(f"{method} {path}: {refused} of {asked} refused, the last with {last}; {tokens.used} of {tokens.count} "
                 f"tokens used")
    return int(asked), float(took)


def warm(gateway, token: str):
    """Every instance behind it knows the token."""
    for _ in range(24):
        httpx.get(gateway.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False).raise_for_status()


class Round:
    """Measures a load, and the processor time that each part has spent on a request, in µs."""

    def __init__(self, fleet: Fleet, gateway):
        self._parts = {
            "instances": [service.program.pid for service in gateway.services], "gateway": [gateway.program.pid],
            "PgBouncer": [fleet.pooler.program.pid], "primary": [fleet.primary.program.pid],
            "standby": [fleet.standby.program.pid]}

    def _spent(self) -> dict:
        return {part: sum(map(cpu_seconds, pids)) for part, pids in self._parts.items()}

    def run(self, load) -> dict:
        before = self._spent()
        requests, seconds = load()
        after = self._spent()
        return {"rate": requests / seconds} | {
            part: (after[part] - before[part]) / requests * 1e6 for part in self._parts}


def measure(quick: bool) -> bool:
    rounds, seconds = (1, 2) if quick else (3, 3)
    fleet = Fleet(LOG_LEVEL="warning")
    try:
        fleet.start()
        ada = fleet.okta.token("ada@domain.example")
        fleet.services[0].provision(ada).raise_for_status()
        # Three instances forget each other's people, so that each first sight is one, for each count of instances.
        people = acquaint(fleet.database, fleet.okta, "crowd", 2500 * seconds * rounds * 3)
        seen = Tokens(fleet.folder / "seen", [fleet.okta.token(email) for email in people])
        new = Tokens(fleet.folder / "new", [fleet.okta.token(f"new-{number}@domain.example")
                                            for number in range(900 * seconds * rounds * 4)])
        gateways = {(kind, count): fleet.gateway(kind, fleet.services[:count])
                    for kind in ("nginx", "haproxy") for count in (1, 2, 3)}
        unpooled = fleet.service(DATABASE_URL=fleet.database.service_url, VESTIBULE_DATABASE_POOLER="none")
        fleet.services.append(unpooled)
        gateways["unpooled", 1] = fleet.gateway("haproxy", [unpooled])
        often, rarely = STEADY["authorize"], STEADY["rest"]
        loads = {
            f"{often} a second for each through nginx, a seen token": (
                "nginx", lambda one, count: steady(seconds, one.url, ada, often, count)),
            f"{often} a second for each through HAProxy, a seen token": (
                "haproxy", lambda one, count: steady(seconds, one.url, ada, often, count)),
            f"{rarely} times GET /profiles/me a second for each through HAProxy": (
                "haproxy", lambda one, count: steady(seconds, one.rest_url + "/profiles/me", ada, rarely, count)),
            "authorized by nginx, a seen token": ("nginx", lambda one, _: repeat(seconds, one.url, ada)),
            "authorized by HAProxy, a seen token": ("haproxy", lambda one, _: repeat(seconds, one.url, ada)),
            "authorized by nginx, a token and person not seen before": (
                "nginx", lambda one, _: once(seconds, one.url, "GET", "/things", seen, 204)),
            "GET /profiles/me, balanced by HAProxy": (
                "haproxy", lambda one, _: repeat(seconds, one.rest_url + "/profiles/me", ada)),
            "GET /profiles/me, without PgBouncer": (
                "unpooled", lambda one, _: repeat(seconds, one.rest_url + "/profiles/me", ada)),
            # No more at once than there are sessions: what waits longer than half a second is refused.
            "first login, balanced by HAProxy, 12 connections": (
                "haproxy", lambda one, _: once(seconds, one.rest_url, "POST", "/identities/provision", new, 201, SESSIONS)),
            "first login, without PgBouncer, 12 connections": (
                "unpooled", lambda one, _: once(seconds, one.rest_url, "POST", "/identities/provision", new, 201, SESSIONS))}
        found = collections.defaultdict(list)
        for _ in range(rounds):
            for what, (kind, load) in loads.items():
                for count in (1, 2, 3):
                    if gateway := gateways.get((kind, count)):
                        warm(gateway, ada)
                        found[what, count].append(Round(fleet, gateway).run(lambda: load(gateway, count)))
    finally:
        fleet.close()
    return told(loads, found)


def told(loads: dict, found: dict) -> bool:
    good = True
    print("| load, 48 connections at the gateway | instances | requests a second | for each | " + " | ".join(
        f"{part}, µs" for part in PARTS) + " | limit |\n" + "|---" * (5 + len(PARTS)) + "|")
    for what in loads:
        alone = 0.0
        for count in sorted(count for name, count in found if name == what):
            middle = {name: statistics.median(one[name] for one in found[what, count]) for name in ("rate", *PARTS)}
            alone = alone or middle["instances"]
            ratio = middle["instances"] / alone
            verdict = "" if count == 1 else f"{ratio:.2f} of one's"
            if count > 1 and "for each" in what:
                good &= ratio <= LIMIT
                verdict += f"; {LIMIT}" + ("" if ratio <= LIMIT else ", missed")
            print(f"| {what} | {count} | {middle['rate']:.0f} | {middle['rate'] / count:.0f} | " + " | ".join(
                f"{middle[part]:.0f}" for part in PARTS) + f" | {verdict} |", flush=True)
    print("\nµs: processor time for a request. Generator, gateways, databases and instances share the machine's cores: what "
          "must stay flat is an instance's own time.\n")
    return good

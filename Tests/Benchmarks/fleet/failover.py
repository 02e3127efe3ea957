"""The primary is killed and its standby promoted while people log in for the first time and others are locked out."""

import collections
import http.client
import itertools
import statistics
import threading
import time

from fleet import Fleet
from storm import Client, Storm

from harness.people import Person
from harness.programs import eventually

#: Seconds until whoever watches over the databases acts; from the promotion until everything works; and the contract's
#: bound for a revocation while notices come.
NOTICED, LIMIT_WELL, LIMIT_REVOKED = 1.0, 10.0, 0.1
#: What this machine may add to it: many threads of one interpreter look.
SLACK = 0.15


class Lanes:
    """Threads beside the storm: known people through the gateways, people who are locked out, and whether they are."""

    def __init__(self, fleet: Fleet, gateways: list, admin: Person, people: list):
        self.fleet, self.admin, self.people = fleet, admin, people
        #: (gateway, status) to how many.
        self.passed = collections.Counter()
        #: Person to the moments of the question and of the answer that acknowledged it.
        self.revoked = {}
        #: (seconds after the acknowledgement, the moment of the question, instance) of those allowed nevertheless.
        self.allowed = []
        #: When a change was acknowledged.
        self.written = []
        self._lock, self._stop = threading.Lock(), threading.Event()
        lanes = [(self._through, gateway) for gateway in gateways] + [(self._lock_out,)]
        lanes += [(self._watch, number) for number in range(len(fleet.services))]
        self._threads = [threading.Thread(target=lane[0], args=lane[1:], daemon=True) for lane in lanes]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _through(self, gateway):
        connection = None
        for turn in itertools.count():
            if self._stop.wait(0.005):
                return
            person = self.fleet.known[turn % len(self.fleet.known)]
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20)
                connection.request("GET", "/things", headers={"Authorization": f"Bearer {person.token}"})
                answer = connection.getresponse()
                answer.read()
                seen = answer.status
            except (OSError, http.client.HTTPException) as error:
                connection, seen = None, type(error).__name__
            with self._lock:
                self.passed[gateway.kind, seen] += 1

    def _lock_out(self):
        clients = [Client(service) for service in self.fleet.services]
        for turn, person in enumerate(self.people):
            while not self._stop.wait(0.05):
                status, _ = clients[turn % len(clients)].ask(
                    "PUT", f"/admin/users/{person.id}", self.admin.token, {"is_active": False})
                if status == 200:
                    with self._lock:
                        self.revoked[person] = time.monotonic()
                        self.written.append(time.monotonic())
                    break
            if self._stop.is_set():
                return

    def _watch(self, number: int):
        client = Client(self.fleet.services[number])
        for turn in itertools.count():
            if self._stop.wait(0.003):
                return
            with self._lock:
                # The last ones are those of whom an instance may not have heard yet.
                known = list(self.revoked.items())[-8:]
            if known:
                person, acknowledged = known[turn % len(known)]
                asked = time.monotonic()
                if client.ask("GET", "/authorize/nginx", person.token)[0] == 200:
                    with self._lock:
                        self.allowed.append((asked - acknowledged, asked, number))


def attempt(quick: bool) -> dict:
    """One failover, and all that is wrong."""
    fleet = Fleet(LOG_LEVEL="warning")
    try:
        fleet.begin()
        admin = fleet.administrator()
        people = [Person(fleet.services[0], fleet.database, fleet.okta, fleet.org) for _ in range(40 if quick else 120)]
        gateways = [fleet.gateway(kind, fleet.services) for kind in ("nginx", "haproxy")]
        for service in fleet.services:
            # Remembered by all, so that each is a right that an instance must be told is over.
            client = Client(service)
            for person in people + fleet.known:
                eventually(lambda: client.ask("GET", "/authorize/nginx", person.token)[0] == 200, "a person", 20)
            client.close()
        storm, lanes = Storm(fleet), Lanes(fleet, gateways, admin, people)
        with storm, lanes:
            time.sleep(1)
            storm.phase, killed = "during", time.monotonic()
            fleet.primary.kill()
            time.sleep(NOTICED)
            fleet.promote()
            promoted = time.monotonic()
            well = fleet.recovered(storm, 60)
            time.sleep(1.5)
        problems = fleet.check(storm)
        back = promoted + well
        for after, asked, number in lanes.allowed:
            # While the database is away nobody can hear of it; when all works again, everybody has.
            if after > LIMIT_REVOKED + SLACK and not killed - LIMIT_REVOKED - SLACK < asked < back:
                problems.append(f"instance {number} allowed {after:.2f} s after the revocation, {asked - back:.2f} s after all "
                                "worked again")
        there = dict(fleet.database.rows("SELECT id::text, is_active FROM auth.users"))
        problems += [f"{person.email} was locked out, and is not" for person in lanes.revoked if there.get(person.id) is not False]
        problems += [f"{kind} gave a known person {seen}, {times} times" for (kind, seen), times in lanes.passed.items()
                     if seen != 204]
        if well > LIMIT_WELL:
            problems.append(f"well only {well:.1f} s after the promotion")
        gap = max((later - earlier for earlier, later in zip(lanes.written, lanes.written[1:])), default=0.0)
        return {"well": well, "promotion": promoted - killed - NOTICED, "gap": gap, "writes": storm.writes + len(lanes.revoked),
                "lost": len(fleet.lost), "revoked": len(lanes.revoked), "passed": sum(lanes.passed.values()),
                "late": max([after for after, _, _ in lanes.allowed], default=0.0), "problems": problems}
    finally:
        fleet.close()


def measure(quick: bool) -> bool:
    found = [attempt(quick) for _ in range(1 if quick else 3)]

    def worst(name):
        return max(one[name] for one in found)

    def total(name):
        return sum(one[name] for one in found)

    problems = [problem for one in found for problem in one["problems"]]
    print("| failover | value | limit |\n|---|---|---|")
    for what, value, limit in (
            ("failovers", len(found), ""),
            ("until the standby is promoted and PgBouncer told, after a second in which nobody notices",
             f"{worst('promotion'):.1f} s at most", ""),
            ("from then until everything works on all instances", f"median {statistics.median(one['well'] for one in found):.1f} s,"
             f" {worst('well'):.1f} s at most", f"{LIMIT_WELL:.0f} s"),
            ("longest time without an acknowledged change, kill to write", f"{worst('gap'):.1f} s", ""),
            ("writes acknowledged before and after; lost", f"{total('writes')}; {total('lost')}", "0 lost"),
            ("people locked out meanwhile; allowed after the bound",
             f"{total('revoked')}; {sum('after the revocation' in problem for problem in problems)}", "0"),
            ("allowed longest after it was acknowledged, the database being away", f"{worst('late'):.2f} s", ""),
            ("requests of known people through nginx and HAProxy; refused",
             f"{total('passed')}; {sum('a known person' in problem for problem in problems)}", "0")):
        print(f"| {what} | {value} | {limit} |")
    for problem in problems:
        print(f"      {problem}")
    print(flush=True)
    return not problems

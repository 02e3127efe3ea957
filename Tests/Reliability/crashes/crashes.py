"""Rounds of a storm of first logins in which the service, PostgreSQL or both are killed at a random instant.

After each round, when what was killed runs again: nobody is in by half, nobody whom an answer had acknowledged is missing,
and whoever got no answer comes in by trying again.
"""

import argparse
import collections
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "EndToEnd"))

from harness.cluster import Cluster  # noqa: E402
from harness.database import SERVICE, Database  # noqa: E402
from harness.issuers import OKTA, IssuerHost  # noqa: E402
from harness.programs import eventually  # noqa: E402
from harness.service import Service, migrated  # noqa: E402
from harness.wholeness import flaws, missing  # noqa: E402

LANES, PEOPLE = 6, 60
VICTIMS = ("service", "service", "both services", "postgres", "postgres", "backend", "service and postgres")


class Storm:
    """Lanes that log newcomers in, each over one connection at a time, until told to stop."""

    def __init__(self, services, logins):
        self.services, self.logins = services, collections.deque(logins)
        self.acknowledged, self.unanswered = {}, []
        self.answers = collections.Counter()
        self._lock, self._stop = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._lane, args=(number,)) for number in range(LANES)]
        for thread in self.threads:
            thread.start()

    def _lane(self, number: int):
        while not self._stop.is_set():
            try:
                subject, token = self.logins.popleft()
            except IndexError:
                return
            status, user = login(self.services[number % 2], token)
            with self._lock:
                self.answers[status] += 1
                if user:
                    self.acknowledged[subject] = user
                else:
                    self.unanswered.append((subject, token))

    def end(self):
        self._stop.set()
        for thread in self.threads:
            thread.join()


def login(service, token: str) -> tuple:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    try:
        connection.request("POST", "/identities/provision", headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        return answer.status, body["data"]["user"]["id"] if answer.status in (200, 201) else None
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__, None
    finally:
        connection.close()


class Rounds:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="vestibule-crashes-"))
        self.cluster = Cluster()
        os.environ["VESTIBULE_TEST_DATABASE_URL"] = self.cluster.url
        self.host = IssuerHost()
        self.okta = self.host.issuer(OKTA)
        self.okta.rotate(keep=False, algorithm="ES256")
        self.database = migrated(Database())
        self.database.settle_bootstrap()
        self.org, self.second = self.database.org("crashes"), self.database.org("second")
        self.database.domain(self.org, "domain.example")
        self.services = [self._service() for _ in range(2)]
        self.acknowledged, self.killed, self.answers = {}, collections.Counter(), collections.Counter()
        self.longest = 0.0

    def _service(self):
        return Service(self.folder, self.database.service_url, self.okta, VESTIBULE_THREADS=1, LOG_LEVEL="warning",
                       VESTIBULE_UPKEEP=0)

    def _people(self, number: int) -> list:
        """Half come by a domain, half by invites into two orgs; some of them twice at once."""
        logins, invited = [], []
        for each in range(PEOPLE):
            email = f"r{number}-{each}-{uuid.uuid4().hex[:6]}@{'domain' if each % 2 else 'invited'}.example"
            if each % 2 == 0:
                invited.append(email)
            for _ in range(2 if each % 5 == 0 else 1):
                logins.append((self.okta.subject(email), self.okta.token(email)))
        with self.database.superuser.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO org_invites (org_id, email, role) VALUES (%s, %s, 'org_user')",
                [(org, email) for email in invited for org in (self.org, self.second)])
        return logins

    def round(self, number: int):
        storm = Storm(self.services, self._people(number))
        time.sleep(self.random.uniform(0.0, 0.15))
        victim = self.random.choice(VICTIMS)
        self.killed[victim] += 1
        if victim in ("service", "both services", "service and postgres"):
            first = self.random.randrange(2)
            dead = self.services if victim == "both services" else [self.services[first]]
            for service in dead:
                service.program.send(signal.SIGKILL)
        else:
            dead = []
        if victim in ("postgres", "service and postgres"):
            self.cluster.kill()
        elif victim == "backend":
            self.cluster.kill_backend(self.random.choice)
        storm.end()
        self._raise_up(dead)
        # What a killed instance had sent, the database still finishes.
        eventually(self._is_settled, "the end of the killed instance's sessions", 30)
        self.acknowledged |= storm.acknowledged
        self.answers += storm.answers
        # A retry of whoever got no answer leads to the same place.
        for subject, token in storm.unanswered[:10]:
            service = self.services[number % 2]
            status, user = eventually(lambda: self._again(service, token), "a login that works", 30)
            self.acknowledged[subject] = user
        found = flaws(self.database) | {"missing": missing(self.database, self.acknowledged)}
        # Whoever can't be let in now is told so: 503 while the database is away, nothing else.
        found["answers"] = [answer for answer in storm.answers if isinstance(answer, int) and answer not in (200, 201, 503)]
        found = {what: rows for what, rows in found.items() if rows}
        if found:
            raise SystemExit(f"round {number}, {victim} killed: {found}")

    @staticmethod
    def _again(service, token):
        status, user = login(service, token)
        if status in (400, 401, 403, 409):
            raise SystemExit(f"a login that was good is refused: {status}")
        return (status, user) if user else None

    def _raise_up(self, dead):
        if not self.cluster.program.alive():
            self.cluster.start()
        self.cluster.await_ready()
        self.database.reconnect()
        for number, service in enumerate(self.services):
            if service in dead:
                service.program.wait()
                service.client.close()
                self.services[number] = self._service()
        for service in self.services:
            eventually(lambda: service.get("/readyz").status_code == 200, "readiness", 30, service.program.alive)

    def _is_settled(self) -> bool:
        return self.database.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = %s AND state <> 'idle'"
            " AND pid <> pg_backend_pid()", self.database.name, SERVICE) == 0

    def close(self):
        for service in self.services:
            if service.program.alive():
                service.program.send(signal.SIGKILL)
                service.program.wait()
        self.cluster.close()
        self.host.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments = arguments.parse_args()
    print(f"{arguments.rounds} rounds, seed {arguments.seed}", flush=True)
    rounds, begun = Rounds(arguments.seed), time.monotonic()
    try:
        for number in range(arguments.rounds):
            rounds.round(number)
            if sys.stderr.isatty() or (number + 1) % 50 == 0:
                print(f"{number + 1} rounds, {time.monotonic() - begun:.0f} s", flush=True)
        users = rounds.database.counts()["auth.users"]
        print(f"{arguments.rounds} rounds in {time.monotonic() - begun:.0f} s, no flaw: {users} users, "
              f"{len(rounds.acknowledged)} acknowledged, none missing\nkilled: {dict(rounds.killed)}\n"
              f"answers during the storms: {dict(rounds.answers)}")
        # A storm that nothing came through, or that ended before the kill, would prove nothing.
        busy = sum(count for answer, count in rounds.answers.items() if answer not in (200, 201))
        return 0 if users and busy else 1
    finally:
        rounds.close()


if __name__ == "__main__":
    sys.exit(main())

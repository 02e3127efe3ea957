"""Running instances with people in them, what strikes them, and what must be true afterwards."""

import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path

from storm import ANSWERS, DENIED, REASONS, Client, Storm

from harness.database import SERVICE, Database, Relay
from harness.issuers import OKTA, IssuerHost, Key
from harness.people import Person
from harness.programs import eventually
from harness.service import Service, migrated, vestibule
from harness.wholeness import flaws, missing


class Flaw(Exception):
    """Something that must never be seen was."""


class World:
    """Two instances and twenty people. `ways` may change what the instances are told of the world."""

    #: How many are started.
    instances = 2

    def __init__(self, cluster, **settings):
        self.folder = Path(tempfile.mkdtemp(prefix="vestibule-faults-"))
        self.folder.chmod(0o755)
        self.settings = settings
        self.host = IssuerHost()
        #: Between the instances and the issuers.
        self.way = Relay("host=127.0.0.1 port=" + self.host.origin.rsplit(":", 1)[1])
        self.host.origin = f"http://127.0.0.1:{self.way.port}"
        self.okta = self.host.issuer(OKTA)
        self.okta.rotate(keep=False, algorithm="ES256")
        self.services, self._closing = [], []
        #: Whether clients may lose their connections, because an instance is struck itself.
        self.is_broken = False
        self.prefix = ()
        self.furnish(cluster)
        #: What a storm may be told besides, by kind and phase.
        self.tolerated = {}

    def furnish(self, cluster):
        """Makes the database, in this cluster."""
        self.move(cluster)
        self.database = migrated(Database())
        self.database.settle_bootstrap()
        self.org = self.database.org("home")
        self.database.domain(self.org, "domain.example")
        self.url = self.database.service_url

    def another(self, make):
        """A cluster of this trial's own."""
        cluster = make()
        self.closing(cluster.close)
        self.furnish(cluster)
        return cluster

    def move(self, cluster):
        """What the trial looks at from now on."""
        self.cluster = cluster
        os.environ["VESTIBULE_TEST_DATABASE_URL"] = cluster.url

    def relay(self) -> Relay:
        """Puts something between the instances and their database that can be cut."""
        relay = Relay()
        self.closing(relay.close)
        self.url = relay.url(SERVICE, self.database.name)
        return relay

    def begin(self):
        """Starts the instances and fills them; apart from the beginning, so that a fault can prepare its way."""
        self.services = [self.service() for _ in range(self.instances)]
        self.known = [Person(self.services[0], self.database, self.okta, self.org) for _ in range(20)]
        self.writers = [Person(self.services[0], self.database, self.okta, self.org) for _ in range(4)]
        result = vestibule("keys", "create", "storm", "--module", "storm", env={"DATABASE_URL": self.database.service_url})
        assert result.returncode == 0, result.stderr
        self.key = result.stdout.strip()
        out = Person(self.services[0], self.database, self.okta, self.org)
        self.database.run("UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %s", out.id)
        self._deactivated = out.token
        self.prepare_tokens()
        # As if these people had been here for long: what happened lately is read again after a gap.
        self.database.run("DELETE FROM change_notices")
        for service in self.services:
            client = Client(service)
            eventually(lambda: client.ask("GET", "/authorize/nginx", out.token)[0] == 403, "the deactivation")
            for person in self.known:
                eventually(lambda: client.ask("GET", "/authorize/nginx", person.token)[0] == 200, "the known")
            client.close()

    def prepare_tokens(self):
        forger = Key("ES256", kid=self.okta.key.kid)
        self._forged = forger.token(self.okta.claims(self.known[0].email))
        self._expired = self.okta.token(self.known[0].email, exp=int(time.time()) - 600)
        self._foreign = self.okta.token(self.known[0].email, iss="https://elsewhere.example")
        self._strangers = [self.okta.token(f"{uuid.uuid4().hex[:8]}@stranger.example") for _ in range(200)]

    def service(self, **more) -> Service:
        return Service(self.folder, self.url, self.okta, prefix=self.prefix, **(
            {"VESTIBULE_THREADS": 2, "VESTIBULE_PRINCIPAL_TTL": 2, "VESTIBULE_UPKEEP": 0, "LOG_LEVEL": "warning"}
            | self.settings | more))

    def denied(self, kind: str, turn: int) -> str | None:
        return {"stranger": self._strangers[turn % 200], "deactivated": self._deactivated, "forged": self._forged,
                "expired": self._expired, "another issuer's": self._foreign, "no token": None}[kind]

    def tolerate(self, kind: str, *answers):
        """What this fault may make of it, besides 503."""
        self.tolerated.setdefault(kind, set()).update(answers)

    def unready(self, *services, seconds: float = 10):
        """Instances say that they can't do their work, and that they are alive; all, unless some are named."""
        for service in services or self.services:
            client = Client(service)
            eventually(lambda: client.ask("GET", "/readyz")[0] == 503, "unreadiness", seconds)
            if client.ask("GET", "/healthz")[0] != 200:
                raise Flaw("not healthy, while only something else is away")
            client.close()

    def recovered(self, storm: Storm, seconds: float) -> float:
        """Seconds from now until everything works on all instances."""
        began, clients = time.monotonic(), []
        storm.phase = "mending"
        # Several connections to each, so that each of its loops is asked.
        for service in self.services * 4:
            client = Client(service)
            clients.append(client)

            def works():
                newcomer = self.okta.token(f"after-{uuid.uuid4().hex[:8]}@domain.example")
                return (client.ask("GET", "/readyz")[0] == 200
                        and client.ask("GET", "/authorize/nginx", self.known[0].token)[0] == 200
                        and client.ask("POST", "/identities/provision", newcomer)[0] == 201)

            eventually(works, "recovery", max(0.1, seconds - (time.monotonic() - began)))
        for client in clients:
            client.close()
        storm.phase = "after"
        return time.monotonic() - began

    def check(self, storm: Storm) -> list:
        """All that is wrong."""
        problems = []
        for (kind, phase), answers in storm.answers.items():
            for seen, count in answers.items():
                if seen in ANSWERS[kind] or seen in self.tolerated.get(kind, ()):
                    continue
                words = str(seen).split(" ")
                if words[0] == "503" and words[-1] in REASONS and phase in ("during", "mending") and kind != "known":
                    continue
                if not words[0].isdigit() and self.is_broken and phase in ("during", "mending"):
                    continue
                problems.append(f"{kind} {phase} the fault: {count} x {seen}")
            if kind in DENIED and answers.get(200):
                problems.append(f"allowed by a failure: {kind}, {answers[200]} times, {phase} the fault")
        # What was acknowledged is there, and nobody is in by half.
        self.database.reconnect()
        users = self.database.counts()["auth.users"]
        if users < len(storm.users):
            problems.append(f"{len(storm.users)} newcomers were acknowledged, {users} are there")
        problems += [f"{what}: {rows}" for what, rows in flaws(self.database).items()]
        self.lost = self.losses(storm)
        problems += [f"acknowledged and lost: {one}" for one in self.lost[:5]]
        for phase, _, _, alive, _ in storm.probes:
            if alive != 200 and not self.is_broken:
                problems.append(f"/healthz said {alive} {phase} the fault")
                break
        for number, service in enumerate(self.services):
            if not service.program.alive():
                problems.append(f"instance {number} has ended: {service.output()[-500:]}")
        return problems

    def losses(self, storm: Storm) -> list:
        lost = [f"login of {subject}" for subject, _ in missing(self.database, storm.users)]
        slugs = {slug for (slug,) in self.database.rows("SELECT slug FROM org")}
        lost += [f"org {slug}" for slug in storm.orgs - slugs]
        audited = {one for (one,) in self.database.rows("SELECT resource_id FROM audit_log WHERE resource_type = 'thing'")}
        lost += [f"audit of {one}" for one in storm.audited - audited]
        names = dict(self.database.rows("SELECT user_id::text, last_name FROM profiles WHERE last_name ~ '^[0-9]{8}$'"))
        # A later write that got no answer may have come through.
        lost += [f"name of {user}" for user, turn in storm.numbers.items() if int(names.get(user, -1)) < turn]
        return lost

    def closing(self, call):
        self._closing.append(call)

    def close(self):
        for service in self.services:
            if service.program.alive():
                service.program.process.kill()
                service.program.wait()
        for call in reversed(self._closing):
            call()
        self.way.close()
        self.host.close()
        shutil.rmtree(self.folder, ignore_errors=True)

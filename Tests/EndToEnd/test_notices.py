"""What an instance may still believe while the database tells it nothing, and how it catches up."""

import threading
import time
import uuid

import psycopg
import pytest

from harness.asker import Asker, until
from harness.cluster import Cluster
from harness.database import SERVICE, Database, Relay
from harness.issuers import OKTA
from harness.programs import eventually
from harness.service import Service, migrated, problem

OUT = "UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %s"
BACK = "UPDATE auth.users SET is_active = true, deactivated_at = NULL WHERE id = %s"
#: Long enough that nothing here ends by itself.
LONG = {"VESTIBULE_PRINCIPAL_TTL": 3000, "VESTIBULE_MAX_STALE": 3000}


class World:
    """An instance whose connections for queries and for notices can be cut, each by itself, and a person it knows."""

    def __init__(self, folder, database, host, **settings):
        self.queries, self.notices = Relay(), Relay()
        self.database, self.okta = database, host.issuer(OKTA)
        database.settle_bootstrap()
        self.org = database.org("acme")
        database.invite(self.org, "ada@example.com", "org_admin")
        self.service = Service(
            folder, self.queries.url(SERVICE, database.name), self.okta, VESTIBULE_DATABASE_POOLER="none",
            DATABASE_DIRECT_URL=self.notices.url(SERVICE, database.name), **settings)
        self.token = self.okta.token("ada@example.com")
        self.user = self.service.provision(self.token).json()["data"]["user"]["id"]
        self.wait_for("notices_caught_up")
        self.asker = Asker(self.service, self.token)
        self.settle()

    def settle(self):
        """Goes on when every notice so far has come, and the person is remembered after the last of them."""
        for role in ("org_user", "org_admin"):
            self.database.run("UPDATE org_members SET role = %s WHERE user_id = %s", role, self.user)
            until([self.asker], (200, role), time.monotonic(), limit=20)

    def wait_for(self, event: str, count: int = 1):
        eventually(lambda: self.service.output().count(event) >= count, event, 30)

    def close(self):
        self.asker.close()
        self.service.stop()
        self.queries.close()
        self.notices.close()


@pytest.fixture
def world(folder, fresh_database, host):
    made = []

    def make(**settings) -> World:
        made.append(World(folder, fresh_database, host, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_without_notices_changes_are_read_again_and_again(world):
    world = world(**LONG)
    world.notices.cut()
    world.wait_for("notices_lost")
    for query, state in ((OUT, (403, "")), (BACK, (200, "org_admin"))):
        world.database.run(query, world.user)
        until([world.asker], state, time.monotonic(), limit=20)
    # A newcomer who was refused is not kept out by that either.
    email = "late@example.com"
    assert world.service.authorize(world.okta.token(email)).status_code == 403
    world.database.invite(world.org, email)
    eventually(lambda: world.service.authorize(world.okta.token(email)).status_code == 200, "the invited", 20)
    world.notices.mend()
    world.wait_for("notices_caught_up", 2)
    world.database.run(OUT, world.user)
    assert until([world.asker], (403, ""), time.monotonic()) < 1, "notices flow again"


def test_what_changed_during_a_gap_is_known_after_it(world):
    """Nothing could be read and nothing was told; the change's place in the counter is all that remains of it."""
    world = world(**LONG)
    world.database.invite(world.org, "bob@example.com")
    bob = world.okta.token("bob@example.com")
    assert world.service.authorize(bob).status_code == 200
    world.settle()
    world.queries.cut()
    world.notices.cut()
    world.wait_for("notices_lost")
    world.database.run(OUT, world.user)
    assert world.asker.ask() == (200, "org_admin"), "known principals are served while the database is away"
    world.queries.mend()
    world.notices.mend()
    until([world.asker], (403, ""), time.monotonic(), limit=30)
    # Each loop finds its way back to the database by itself.
    eventually(lambda: world.service.authorize(bob).status_code == 200, "everybody else", 20)


def test_a_change_that_is_never_told_is_seen_within_the_time_to_live(world):
    world = world(VESTIBULE_PRINCIPAL_TTL=2)
    session = world.database.superuser
    session.execute("SET session_replication_role = replica")  # no triggers
    begun = time.monotonic()
    session.execute(OUT, [world.user])
    taken = until([world.asker], (403, ""), begun, limit=20)
    session.execute("SET session_replication_role = DEFAULT")
    assert taken < 2 + 1, taken


def test_known_people_are_served_for_a_while_and_unknown_ones_are_503(world):
    world = world(VESTIBULE_PRINCIPAL_TTL=1, VESTIBULE_MAX_STALE=4)
    stranger = world.okta.token("stranger@example.com")
    world.queries.cut()
    world.notices.cut()
    begun = time.monotonic()
    # Beyond the time to live too.
    while time.monotonic() - begun < 2.5:
        assert world.asker.ask() == (200, "org_admin")
        time.sleep(0.1)
    answer = world.service.authorize(stranger)
    assert answer.status_code == 503 and problem(answer) == "database_unavailable"
    eventually(lambda: world.asker.ask()[0] == 503, "the end of VESTIBULE_MAX_STALE", 20)
    # Read again at most a second before the cut, and each try may wait for a connection.
    assert time.monotonic() - begun < 4 + 3
    world.queries.mend()
    world.notices.mend()
    eventually(lambda: world.asker.ask() == (200, "org_admin"), "recovery", 20)


REASONS = {
    "invite": lambda database, org, name: database.invite(org, f"new@{name}.example"),
    "domain": lambda database, org, name: database.domain(org, f"{name}.example"),
    "domain that is verified later": lambda database, org, name: database.run(
        "UPDATE org_email_domains SET is_verified = true, verified_at = now() WHERE id = %s",
        database.domain(org, f"{name}.example", verified=False)),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_refused_newcomer_is_remembered_and_forgotten_at_once(service, database, okta, folder, reason):
    name = "n" + uuid.uuid4().hex[:10]
    org = database.org(name)
    second = Service(folder, database.service_url, okta)
    token = okta.token(f"new@{name}.example")

    def refusals():
        return database.one("SELECT count(*) FROM auth_events WHERE email = %s", f"new@{name}.example")

    askers = [Asker(one, token) for one in (service, second) for _ in range(2)]
    until(askers, (403, ""), time.monotonic())
    before = refusals()
    for _ in range(50):
        assert {asker.ask()[0] for asker in askers} == {403}
    assert refusals() - before <= 2 * 2, "each refusal was looked up and recorded again"
    REASONS[reason](database, org, name)
    taken = until(askers, (200, "org_user"), time.monotonic())
    for asker in askers:
        asker.close()
    assert second.stop() == 0
    # Far below the five seconds for which a refusal is remembered.
    assert taken < 2, taken


# First logins and the lock of all who announce something.


@pytest.fixture
def announcing(monkeypatch):
    """A cluster in which somebody's announcement can't be committed: it waits for a standby that never comes."""
    cluster = Cluster({"synchronous_standby_names": "nobody", "synchronous_commit": "local"})
    monkeypatch.setenv("VESTIBULE_TEST_DATABASE_URL", cluster.url)
    holder = psycopg.connect(cluster.url, autocommit=True)

    def hold(database):
        holder.execute("SET synchronous_commit = on")
        threading.Thread(target=commit, daemon=True).start()
        eventually(lambda: database.one("SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND database = 0"
                                        " AND mode = 'AccessExclusiveLock' AND granted"), "the lock", 20)

    def commit():
        try:
            holder.execute("WITH row AS (INSERT INTO announced VALUES (1)) SELECT pg_notify('any', 'thing')")
        except psycopg.Error:
            pass

    holder.execute("CREATE TABLE announced (n int)")
    yield hold
    cluster.close()


def test_first_logins_commit_beside_an_announcement_that_is_not_yet_committed(announcing, start, okta):
    database = migrated(Database())
    database.settle_bootstrap()
    database.domain(database.org("acme"), "acme.example")
    service = start(database.service_url, okta, VESTIBULE_THREADS=1)
    other = start(database.service_url, okta, VESTIBULE_THREADS=1, VESTIBULE_UNPROVISIONED="deny")
    emails = [f"{number}@acme.example" for number in range(10)]
    assert problem(other.authorize(okta.token(emails[0]))) == "user_not_provisioned"
    announcing(database)
    for email in emails:
        assert service.provision(okta.token(email)).status_code == 201
    # What was announced meanwhile is heard when the lock is free.
    token = okta.token(emails[0])
    database.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO announced%'"
                 " AND pid <> pg_backend_pid()")
    eventually(lambda: other.authorize(token).status_code == 200, "the newcomer on the other instance", 20)
    announced = {key for (key,) in database.rows("SELECT key FROM change_notices WHERE topic = 'email'")}
    assert announced == set(emails)

"""DATABASE_READ_URL: principals are read from a streaming standby, and never an older state than the instance has heard of."""

import time

import psycopg
import pytest

from harness.cluster import Cluster
from harness.database import SERVICE, Database, Relay
from harness.people import Person
from harness.programs import eventually
from harness.service import migrated
from test_core import Module, role


@pytest.fixture(scope="module")
def primary():
    cluster = Cluster()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VESTIBULE_TEST_DATABASE_URL", cluster.url)
        yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def database(primary):
    return migrated(Database())


@pytest.fixture(scope="module")
def standby(primary, database):
    cluster = Cluster(primary=primary)
    yield cluster
    cluster.close()


@pytest.fixture
def relay(standby):
    relay = Relay(standby.url)
    yield relay
    relay.close()


@pytest.fixture
def near(start, relay, database, okta):
    """An instance that remembers nobody, so that each question is one to a database."""
    return start(database.service_url, okta, VESTIBULE_THREADS=1, VESTIBULE_PRINCIPAL_TTL=1,
                 DATABASE_READ_URL=relay.url(SERVICE, database.name))


@pytest.fixture
def someone(near, database, okta):
    return Person(near, database, okta)


@pytest.fixture
def paused(standby):
    """The standby replays nothing."""
    with psycopg.connect(standby.url, autocommit=True) as server:
        server.execute("SELECT pg_wal_replay_pause()")
        yield server
        server.execute("SELECT pg_wal_replay_resume()")


def asked(relay, question, times: int = 10) -> int:
    """How many of so many questions went to the standby."""
    before = relay.turns
    for _ in range(times):
        question()
    return relay.turns - before


def follows(near, relay, someone):
    """Waits until the standby is asked, and gives the question."""
    def question():
        answer = near.authorize(someone.token)
        assert answer.status_code == 200, answer.text
        return answer

    eventually(lambda: asked(relay, question) >= 8, "questions to the standby", 30)
    return question


def test_principals_are_read_from_the_standby(near, relay, someone, database):
    follows(near, relay, someone)
    module = Module(near, database)
    eventually(lambda: asked(relay, lambda: module.may(someone.id, "a:b")) >= 8, "questions to the standby", 30)
    # What somebody may have just written is read where it was written.
    assert asked(relay, lambda: someone.good("GET", "/profiles/me")) <= 1


def test_a_change_counts_at_once_however_far_the_standby_is_behind(near, relay, someone, database, okta, paused):
    admin = Person(near, database, okta, global_role="platform_admin")
    module, made = Module(near, database), role(admin, "far:behind")
    newcomer = Person(near, database, okta)  # whom the standby has never heard of
    assert near.authorize(newcomer.token).headers["X-Auth-User-Id"] == newcomer.id
    end = time.monotonic() + 2.5  # beyond the life of a mark
    for each in (someone, newcomer):
        for roles in ([made["code"]], []):
            admin.good("PUT", f"/admin/users/{each.id}/roles", {"roles": roles})
            assert module.may(each.id, "far:behind") == bool(roles)
    admin.good("PUT", f"/admin/users/{someone.id}", {"is_active": False})
    while time.monotonic() < end:
        assert near.authorize(someone.token).status_code == 403
        assert near.authorize(newcomer.token).status_code == 200


def test_when_it_has_caught_up_it_is_asked_again(near, relay, someone, database, okta, paused):
    Person(near, database, okta)
    assert asked(relay, lambda: near.authorize(someone.token)) <= 2
    paused.execute("SELECT pg_wal_replay_resume()")
    follows(near, relay, someone)


def test_when_it_is_away_or_hangs_the_primary_answers(near, relay, someone):
    question = follows(near, relay, someone)
    relay.cut()
    for _ in range(10):
        question()
    relay.mend()
    follows(near, relay, someone)
    relay.freeze()
    for _ in range(3):
        question()
    relay.mend()
    follows(near, relay, someone)


def test_what_is_no_standby_is_not_believed(start, database, okta):
    relay = Relay()
    near = start(database.service_url, okta, VESTIBULE_THREADS=1, VESTIBULE_PRINCIPAL_TTL=1,
                 DATABASE_READ_URL=relay.url(SERVICE, database.name))
    someone = Person(near, database, okta)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        assert near.authorize(someone.token).status_code == 200
    # Asked now and then, in vain.
    assert asked(relay, lambda: near.authorize(someone.token), 50) <= 10
    relay.close()

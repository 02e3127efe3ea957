"""PgBouncer in transaction mode for queries, a direct connection for change notices."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.asker import Asker, until
from harness.database import Relay
from harness.pooler import PROGRAM, Pooler
from harness.programs import eventually
from harness.service import problem, vestibule

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed")


@pytest.fixture(scope="module")
def pooler():
    pooler = Pooler(sessions=3)
    yield pooler
    pooler.close()


@pytest.fixture
def pooled(start, pooler, fresh_database, okta):
    fresh_database.settle_bootstrap()
    # Many more connections than the sessions behind the pooler, so that each is used by all.
    return start(pooler.url(fresh_database.name), okta, DATABASE_DIRECT_URL=fresh_database.service_url,
                 VESTIBULE_DATABASE_CONNECTIONS=16)


def test_everything_goes_through_few_sessions_and_nobody_is_taken_for_another(pooled, fresh_database, okta):
    org = fresh_database.org("pooled")
    people = [f"person-{number}@example.com" for number in range(8)]
    for email in people:
        fresh_database.invite(org, email)
    tokens = {email: okta.token(email) for email in people}
    with ThreadPoolExecutor(8) as threads:
        assert {answer.status_code for answer in threads.map(pooled.provision, tokens.values())} == {201}

        def use(number: int):
            email = people[number % len(people)]
            answer = pooled.request("GET", "/profiles/me", tokens[email])
            assert answer.status_code == 200 and answer.json()["data"]["email"] == email
            made = pooled.request("POST", "/orgs", tokens[email], json={"name": f"Org {number}"})
            assert made.status_code == 201, made.text
            mine = {one["id"] for one in pooled.request("GET", "/orgs", tokens[email]).json()["data"]}
            assert made.json()["data"]["id"] in mine
            return email, mine

        seen = {}
        for email, mine in threads.map(use, range(64)):
            seen.setdefault(email, set()).update(mine)
    for email, mine in seen.items():
        # The common one and one's own, never another's.
        assert all((mine & other) == {org} for name, other in seen.items() if name != email)
    busy = fresh_database.one(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query NOT LIKE 'LISTEN%%'"
        " AND usename <> 'postgres'", fresh_database.name)
    assert busy <= 4, "the pooler's three and the listener's"


def test_a_revocation_comes_by_the_direct_connection(pooled, fresh_database, okta, capsys):
    org = fresh_database.org("pooled")
    fresh_database.invite(org, "ada@example.com", "org_admin")
    token = okta.token("ada@example.com")
    user = pooled.provision(token).json()["data"]["user"]["id"]
    asker, taken = Asker(pooled, token), []
    for _ in range(10):
        until([asker], (200, "org_admin"), time.monotonic())
        fresh_database.run(
            "UPDATE auth.users SET is_active = false, deactivated_at = now() WHERE id = %s", user)
        taken.append(until([asker], (403, ""), time.monotonic()))
        fresh_database.run("UPDATE auth.users SET is_active = true, deactivated_at = NULL WHERE id = %s", user)
    asker.close()
    with capsys.disabled():
        print(f"\nbehind PgBouncer: 10 trials, after commit at most {max(taken) * 1000:.1f} ms")
    # Notices, and not the reading once a second that stands in for them.
    assert sorted(taken)[5] < 0.1


def test_the_poolers_word_that_the_server_is_away_is_an_outage_and_no_error_of_ours(start, fresh_database, okta):
    relay = Relay()
    pooler = Pooler(relay=relay)
    fresh_database.settle_bootstrap()
    fresh_database.domain(fresh_database.org("pooled"), "pooled.example")
    service = start(pooler.url(fresh_database.name), okta, DATABASE_DIRECT_URL=fresh_database.service_url)
    try:
        assert service.provision(okta.token("ada@pooled.example")).status_code == 201
        relay.cut()
        said = "server login has been failing"
        for number in range(400):
            answer = service.provision(okta.token(f"{number}@pooled.example"))
            assert (answer.status_code, problem(answer)) == (503, "database_unavailable"), answer.text
            if said in pooler.program.output() and number > 5:
                break
        assert said in pooler.program.output()
        relay.mend()
        eventually(lambda: service.provision(okta.token("eve@pooled.example")).status_code == 201, "service again", 20)
    finally:
        relay.close()
        pooler.close()


def test_without_a_direct_connection_it_does_not_start():
    result = vestibule("config", "check", env={
        "DATABASE_URL": "postgresql://u@h/d", "VESTIBULE_DATABASE_POOLER": "transaction"})
    assert result.returncode == 2 and "DATABASE_DIRECT_URL" in result.stderr

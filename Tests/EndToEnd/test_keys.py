"""CONTRACT sections 1, 7 and 8: API keys, from the command line and by administrators, and what they open."""

import hashlib
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from harness.database import cluster_url
from harness.delays import Delays, quantile
from harness.people import Person
from harness.programs import eventually
from harness.service import problem, vestibule

KEY = re.compile(r"vst_[a-z0-9]{8,32}_[A-Za-z0-9]{43,}")


def keys(database, *arguments):
    return vestibule("keys", *arguments, env={"DATABASE_URL": database.service_url})


def create(database, *arguments) -> str:
    result = keys(database, "create", "A key", "--module", "financial", *arguments)
    assert result.returncode == 0, result.stderr
    key = result.stdout.strip()
    assert KEY.fullmatch(key), result.stdout
    return key


def key_id(key: str) -> str:
    return key.split("_")[1]


@pytest.fixture
def org(database) -> str:
    return database.org("tenant-" + uuid.uuid4().hex[:8])


@pytest.fixture
def admin(service, database, okta):
    return Person(service, database, okta, global_role="platform_admin")


def status(service, key: str | None, org: str, **more) -> int:
    headers = ({} if key is None else {"X-API-Key": key}) | more.pop("headers", {})
    return service.get(f"/api/v1/core/tenants/{org}", headers=headers, **more).status_code


# The command line.


def test_a_key_is_shown_once_and_kept_as_a_digest(service, database, org):
    key = create(database)
    assert status(service, key, org) == 200
    row = database.rows("SELECT digest, name, module, last_used_at FROM api_keys WHERE key_id = %s", key_id(key))[0]
    assert (bytes(row[0]), row[1], row[2]) == (hashlib.sha256(key.encode()).digest(), "A key", "financial")
    listed = keys(database, "list")
    assert listed.returncode == 0 and key_id(key) in listed.stdout
    assert key.split("_")[2] not in listed.stdout
    assert key not in service.output()
    everything = str(database.rows("SELECT to_jsonb(k) FROM api_keys k")) + str(database.rows(
        "SELECT to_jsonb(a) FROM audit_log a WHERE resource_type = 'api_keys'"))
    assert key.split("_")[2] not in everything and hashlib.sha256(key.encode()).hexdigest() not in str(database.rows(
        "SELECT to_jsonb(a) FROM audit_log a WHERE resource_type = 'api_keys'"))


def test_whoever_has_no_good_key_learns_nothing_of_the_reason(service, database, org):
    good = create(database)
    expired = create(database, "--expires", "1h")
    database.run("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE key_id = %s", key_id(expired))
    revoked = create(database)
    assert keys(database, "revoke", key_id(revoked)).returncode == 0
    elsewhere = create(database, "--allow-cidr", "192.0.2.0/24", "--allow-cidr", "2001:db8::/32")
    answers = set()
    bad = [None, "", "x", "vst_", good[:-1] + ("0" if good[-1] != "0" else "1"), good + "0", good.upper(), expired,
           revoked, elsewhere, f"vst_{uuid.uuid4().hex[:16]}_{'0' * 64}"]
    for key in bad:
        response = service.get(f"/api/v1/core/tenants/{org}", headers={} if key is None else {"X-API-Key": key})
        assert (response.status_code, problem(response)) == (401, "api_key_invalid"), key
        answers.add(response.json()["error"])
    assert len(answers) == 1
    reasons = eventually(
        lambda: (found := {(row[0], row[1]) for row in database.rows(
            "SELECT details ->> 'key_id', reason FROM auth_events WHERE event = 'api_key'")})
        >= {(key_id(good), "secret_wrong"), (key_id(expired), "expired"), (key_id(revoked), "revoked"),
            (key_id(elsewhere), "address_not_allowed")} and found, "auth events")
    assert all(len(row) == 2 for row in reasons)
    # What gateways say of the client counts where the gateway is trusted.
    assert status(service, elsewhere, org, headers={"X-Forwarded-For": "192.0.2.7"}) == 200
    assert status(service, elsewhere, org, headers={"X-Forwarded-For": "2001:db8::1"}) == 200
    assert status(service, elsewhere, org, headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}) == 401
    # A bearer is no key here, and two keys are one too many.
    assert service.get(f"/api/v1/core/tenants/{org}", good).status_code == 401
    two = service.get(f"/api/v1/core/tenants/{org}", headers=[("X-API-Key", good), ("X-API-Key", good)])
    assert two.status_code == 400


def test_a_key_is_revoked_everywhere_within_100_ms(service, database, okta, clerk, org, start, capsys):
    other = start(database.service_url, okta, clerk)
    key = create(database)
    taken = []
    with Delays() as delays:
        for _ in range(20):
            for each in (service, other):
                eventually(lambda: status(each, key, org) == 200, "the key", 5)
            database.run("UPDATE api_keys SET revoked_at = now() WHERE key_id = %s", key_id(key))
            changed = time.monotonic()
            for each in (service, other):
                while status(each, key, org) != 401:
                    assert time.monotonic() - changed < 5
            taken.append(time.monotonic() - changed)
            database.run("UPDATE api_keys SET revoked_at = NULL WHERE key_id = %s", key_id(key))
    with capsys.disabled():
        print(f"\nAPI key revoked: {len(taken)} trials, two instances, p50 {quantile(taken, 0.5) * 1000:.1f} ms,"
              f" max {max(taken) * 1000:.1f} ms")
    # One that the machine itself held up is no fault of the service; each look is two of its turns.
    assert max(taken) < 0.1 + 4 * max(delays.seen)


def test_a_replaced_key_works_until_its_time_is_over(service, database, org):
    old = create(database, "--allow-cidr", "127.0.0.0/8", "--expires", "30d")
    result = keys(database, "rotate", key_id(old), "--overlap", "1h")
    assert result.returncode == 0, result.stderr
    new = result.stdout.strip()
    assert KEY.fullmatch(new) and key_id(new) != key_id(old)
    assert [status(service, key, org) for key in (old, new)] == [200, 200]
    rows = dict(database.rows(
        "SELECT key_id, round(extract(epoch FROM expires_at - now()) / 3600)::int FROM api_keys"
        " WHERE key_id IN (%s, %s)", key_id(old), key_id(new)))
    assert rows == {key_id(old): 1, key_id(new): 720}
    again = keys(database, "rotate", key_id(old))
    assert again.returncode == 1 and "rotate the key that took its place" in again.stderr
    result = keys(database, "rotate", key_id(new), "--overlap", "0s")
    assert result.returncode == 0
    eventually(lambda: status(service, new, org) == 401, "the end of the overlap")
    assert status(service, result.stdout.strip(), org) == 200


def test_the_use_is_written_once_a_minute(service, database, org):
    key = create(database)
    last = "SELECT last_used_at FROM api_keys WHERE key_id = %s"
    assert database.one(last, key_id(key)) is None
    assert status(service, key, org) == 200
    first = eventually(lambda: database.one(last, key_id(key)), "the first use")
    for _ in range(20):
        assert status(service, key, org) == 200
    assert database.one(last, key_id(key)) == first


def test_a_key_of_an_org_asks_about_no_other(service, database, org):
    other = database.org("other-" + uuid.uuid4().hex[:8])
    slug = database.one("SELECT slug FROM org WHERE id = %s", org)
    for name in (org, slug):
        key = create(database, "--org", name)
        assert (status(service, key, org), status(service, key, other)) == (200, 404)
    database.run("UPDATE org SET deleted_at = now() WHERE id = %s", org)
    eventually(lambda: status(service, key, org) == 401, "the end of the org")


@pytest.mark.parametrize("arguments, words", [
    ([], "keys needs"), (["make"], "keys needs"), (["create"], "NAME"), (["create", "n"], "--module"),
    (["create", "n", "--module", "M"], "module"), (["create", "n", "--module", "scim"], "org_id"),
    (["create", "n", "--module", "m", "--expires", "soon"], "--expires soon is no duration"),
    (["create", "n", "--module", "m", "--expires", "0d"], "--expires"),
    (["create", "n", "--module", "m", "--allow-cidr", "10.0.0.1/8"], "10.0.0.1/8 is no network"),
    (["create", "n", "--module", "m", "--overlap", "1h"], "takes no --overlap"),
    (["create", "n", "--module", "m", "--modul", "x"], "did you mean --module"),
    (["list", "x"], "takes nothing more"), (["revoke"], "ID"), (["revoke", "a b"], "keys list"),
    (["rotate", "abcdefgh", "--overlap", "91d"], "90 days")])
def test_a_command_that_makes_no_sense_is_explained(database, arguments, words):
    result = keys(database, *arguments)
    assert (result.returncode, result.stdout) == (2, ""), result
    assert words in result.stderr and len(result.stderr.splitlines()) == 1


def test_what_is_not_there_is_said(database):
    for arguments in (["revoke", "abcdefghij"], ["rotate", str(uuid.uuid4())],
                      ["create", "n", "--module", "m", "--org", "nobody"]):
        result = keys(database, *arguments)
        assert result.returncode == 1 and result.stderr, result
    result = vestibule("keys", "list", env={"DATABASE_URL": "postgresql://u@127.0.0.1:1/none"})
    assert result.returncode == 3, result


# Administrators.


def test_of_several_who_replace_a_key_at_once_one_does(database, admin):
    made = admin.good("POST", "/admin/api-keys", {"name": "Ledger", "module": "financial"}, 201)["id"]
    with psycopg.connect(cluster_url(), dbname=database.name) as first, ThreadPoolExecutor(3) as workers:
        first.execute("SELECT FROM api_keys WHERE id = %s FOR UPDATE", [made])
        tries = [workers.submit(admin.call, "POST", f"/admin/api-keys/{made}/rotate", {}) for _ in range(3)]
        eventually(lambda: database.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", database.name) == 3, "the wait")
        first.rollback()
        assert sorted(one.result(20).status_code for one in tries) == [201, 409, 409]
    assert database.one("SELECT count(*) FROM api_keys WHERE replaces = %s", made) == 1


def test_an_administrator_makes_replaces_and_revokes(service, database, org, admin):
    made = admin.good("POST", "/admin/api-keys", {
        "name": "Ledger", "module": "financial", "expires_in": "30d", "allow_cidrs": ["127.0.0.0/8"], "rate_limit": 600,
        "org_id": org}, 201)
    key = made.pop("key")
    assert KEY.fullmatch(key) and made["key_id"] == key_id(key)
    assert (made["org_id"], made["allow_cidrs"], made["rate_limit"]) == (org, ["127.0.0.0/8"], 600)
    assert status(service, key, org) == 200
    listed = {entry["id"]: entry for entry in admin.good("GET", "/admin/api-keys?limit=1000")}
    assert "key" not in listed[made["id"]] and "digest" not in listed[made["id"]]
    assert listed[made["id"]] | {"last_used_at": None} == made
    assert database.one("SELECT created_by::text FROM api_keys WHERE id = %s", made["id"]) == admin.id
    new = admin.good("POST", f"/admin/api-keys/{made['id']}/rotate", {"overlap": "0s"}, 201)
    assert new["replaces"] == made["id"]
    assert (status(service, new["key"], org)) == 200
    eventually(lambda: status(service, key, org) == 401, "the end of the overlap")
    admin.bad("POST", f"/admin/api-keys/{made['id']}/rotate", None, 409, "conflict")
    assert admin.good("DELETE", f"/admin/api-keys/{new['id']}") == {"id": new["id"]}
    assert status(service, new["key"], org) == 401
    assert admin.good("DELETE", f"/admin/api-keys/{new['id']}") == {"id": new["id"]}
    audit = database.rows(
        "SELECT action, actor_id::text FROM audit_log WHERE resource_type = 'api_keys' AND resource_id = %s",
        new["id"])
    assert ("api_keys.update", admin.id) in audit


def test_keys_are_for_administrators(service, database, okta, org):
    person = Person(service, database, okta, org, "org_owner")
    for method, path, body in (
            ("GET", "", None), ("POST", "", {"name": "n", "module": "m"}), ("DELETE", f"/{org}", None),
            ("POST", f"/{org}/rotate", {})):
        person.bad(method, "/admin/api-keys" + path, body, 403, "forbidden")
        assert service.request(method, "/admin/api-keys" + path).status_code == 401


@pytest.mark.parametrize("body, field", [
    ({"module": "m"}, "name"), ({"name": "n"}, "module"), ({"name": "n", "module": "m", "expires_in": "x"}, "expires_in"),
    ({"name": "n", "module": "m", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
    ({"name": "n", "module": "m", "allow_cidrs": ["x"]}, "allow_cidrs"),
    ({"name": "n", "module": "m", "allow_cidrs": "10.0.0.0/8"}, "allow_cidrs"),
    ({"name": "n", "module": "m", "rate_limit": 0}, "rate_limit"), ({"name": "n", "module": "scim"}, "org_id"),
    ({"name": "n", "module": "m", "key": "k"}, "key")])
def test_what_a_key_can_not_be(admin, body, field):
    answer = admin.bad("POST", "/admin/api-keys", body, 400, "validation_failed")
    assert {detail["field"] for detail in answer["details"]} == {field}


def test_what_is_not_there_can_not_be_changed(admin):
    nobody = str(uuid.uuid4())
    admin.bad("DELETE", f"/admin/api-keys/{nobody}", None, 404, "not_found")
    admin.bad("POST", f"/admin/api-keys/{nobody}/rotate", {}, 404, "not_found")
    admin.bad("POST", "/admin/api-keys", {"name": "n", "module": "m", "org_id": nobody}, 404, "not_found")


# Tenants and their modules.


def test_tenants_and_modules(service, database, org):
    key = create(database)
    database.run("INSERT INTO org_modules (org_id, module, enabled) VALUES (%s, 'on', true), (%s, 'off', false)", org, org)
    slug = database.one("SELECT slug FROM org WHERE id = %s", org)
    base = f"/api/v1/core/tenants/{org}"
    answer = service.get(base, headers={"X-API-Key": key})
    assert answer.json() == {"id": org, "code": slug, "name": slug.title(), "is_active": True}
    answers = {name: service.get(f"{base}/modules/{name}", headers={"X-API-Key": key})
               for name in ("on", "off", "none", "NOT-A-MODULE")}
    assert answers["on"].json() == {"enabled": True}
    assert [answers[name].status_code for name in ("off", "none", "NOT-A-MODULE")] == [404] * 3
    assert status(service, key, str(uuid.uuid4())) == 404
    assert status(service, key, "x") == 404

"""An administrator takes a key of an identity provider out: "drop this key now"."""

import time
import uuid

import pytest

from harness.issuers import CLERK, OKTA
from harness.service import Service, problem


class World:
    """Two instances on one database; an administrator who signs in at another issuer than the one with the bad key."""

    def __init__(self, host, folder, database):
        self.host, self.folder, self.database = host, folder, database
        database.settle_bootstrap()
        self.okta, self.clerk = host.issuer(OKTA), host.issuer(CLERK)
        self.services = []
        self.first, self.second = self.begin(), self.begin()
        self.admin, self.plain = self.person("platform_admin"), self.person(None)

    def begin(self) -> Service:
        service = Service(self.folder, self.database.service_url, self.okta, self.clerk)
        self.services.append(service)
        return service

    def person(self, role) -> str:
        email = f"{uuid.uuid4().hex[:10]}@people.example"
        self.database.invite(self.database.org("org-" + uuid.uuid4().hex[:8]), email, "org_user")
        answer = self.first.provision(self.clerk.token(email))
        assert answer.status_code == 201, answer.text
        if role:
            self.database.run("UPDATE profiles SET global_role = %s WHERE user_id = %s", role,
                              answer.json()["data"]["user"]["id"])
        return email

    def newcomer(self, key) -> str:
        """A token signed with the key, of somebody who may come in."""
        email = f"{uuid.uuid4().hex[:10]}@people.example"
        self.database.invite(self.database.org("org-" + uuid.uuid4().hex[:8]), email, "org_user")
        return key.token(self.okta.claims(email))

    def call(self, method, path, body=None, email=None):
        return self.first.request(method, path, self.clerk.token(email or self.admin),
                                  **({} if body is None else {"json": body}))

    def good(self, method, path, body=None):
        answer = self.call(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def keys(self) -> dict:
        return {key["kid"]: key for key in self.good("GET", "/admin/idp-config/okta/keys")["keys"]}


@pytest.fixture(scope="module")
def world(host, folder):
    from harness.database import Database
    from harness.service import migrated
    database = migrated(Database())
    world = World(host, folder, database)
    yield world
    for service in world.services:
        assert service.stop() == 0
    database.drop()


def path(kid, verb) -> str:
    return f"/admin/idp-config/okta/keys/{kid}/{verb}"


def refused_within_100_ms(service, token):
    """`token` has been allowed a moment ago, so that what is remembered of it must be forgotten, too."""
    began = time.monotonic()
    while (answer := service.authorize(token)).status_code == 200:
        assert time.monotonic() - began < 0.1, f"still allowed {time.monotonic() - began:.3f} s later"
    assert answer.status_code == 401 and problem(answer) == "token_key_unknown", answer.text


def test_a_dropped_key_is_refused_everywhere_within_100_ms_and_after_a_restart(world):
    leaked = world.okta.key
    token = world.newcomer(leaked)
    world.okta.rotate(keep=True)
    fresh = world.newcomer(world.okta.key)
    for service in (world.first, world.second):
        assert service.authorize(token).status_code == 200
        assert service.authorize(fresh).status_code == 200
    assert world.keys()[leaked.kid]["status"] == "in_use"

    data = world.good("POST", path(leaked.kid, "drop"), {"reason": "found in a public repository"})
    refused_within_100_ms(world.second, token)
    refused_within_100_ms(world.first, token)
    assert data["kid"] == leaked.kid and data["issuer"] == world.okta.url
    # Its issuer goes on publishing it, and other keys go on working.
    for service in (world.first, world.second):
        assert service.authorize(fresh).status_code == 200
        assert problem(service.authorize(world.newcomer(leaked))) == "token_key_unknown"
    listed = world.keys()[leaked.kid]
    assert listed["status"] == "dropped" and listed["reason"] == "found in a public repository"
    assert listed["dropped_by"] and listed["dropped_at"]
    # Also an instance that starts later knows.
    assert problem(world.begin().authorize(token)) == "token_key_unknown"
    # Once more is the same.
    assert world.good("POST", path(leaked.kid, "drop"), {"reason": "again"})["reason"] == "found in a public repository"

    # The way back is as quick.
    world.good("POST", path(leaked.kid, "restore"))
    began = time.monotonic()
    while world.second.authorize(token).status_code != 200:
        assert time.monotonic() - began < 5
    assert world.first.authorize(token).status_code == 200
    assert world.keys()[leaked.kid]["status"] == "in_use"
    assert world.call("POST", path(leaked.kid, "restore")).status_code == 404


def test_the_last_key_can_be_dropped_and_the_service_stays_ready(world):
    leaked = world.okta.key
    token = world.newcomer(leaked)
    assert world.second.authorize(token).status_code == 200
    for key in world.okta.keys:
        world.good("POST", path(key.kid, "drop"))
    refused_within_100_ms(world.second, token)
    assert world.second.get("/readyz").status_code == 200
    for key in world.okta.keys:
        world.good("POST", path(key.kid, "restore"))


def test_both_logs_hold_who_dropped_it(world):
    kid = "audited-" + uuid.uuid4().hex[:8]
    world.good("POST", path(kid, "drop"), {"reason": "as a precaution"})
    world.good("POST", path(kid, "restore"))
    log = world.good("GET", "/admin/idp-config/audit")[:2]
    assert {(entry["provider"], entry["action"]) for entry in log} == {("okta", "drop_key"), ("okta", "restore_key")}
    assert all(entry["actor_id"] and entry["request_id"] for entry in log)
    entries = [entry for entry in world.good("GET", "/admin/audit")
               if entry["resource_type"] == "dropped_keys" and kid in str(entry)]
    assert sorted(entry["action"] for entry in entries) == ["dropped_keys.delete", "dropped_keys.insert"]
    assert all(entry["actor_id"] for entry in entries)


def test_only_administrators_of_the_platform(world):
    kid = world.okta.key.kid
    for method, where in (("GET", "/admin/idp-config/okta/keys"), ("POST", path(kid, "drop")), ("POST", path(kid, "restore"))):
        assert world.call(method, where, email=world.plain).status_code == 403
        assert world.first.request(method, where).status_code == 401
    assert world.keys()[kid]["status"] == "in_use"


@pytest.mark.parametrize("method, where, body, status, code", [
    ("POST", "/admin/idp-config/oidc/keys/k/drop", None, 404, "not_found"),
    ("GET", "/admin/idp-config/oidc/keys", None, 404, "not_found"),
    ("GET", "/admin/idp-config/auth0/keys", None, 404, "not_found"),
    ("POST", path("k" * 257, "drop"), None, 400, "validation_failed"),
    ("POST", path("%00", "drop"), None, 400, None),
    ("POST", path("k", "drop"), {"reason": "r" * 501}, 400, "validation_failed"),
    ("POST", path("k", "drop"), {"kid": "other"}, 400, "validation_failed"),
])
def test_what_is_refused(world, method, where, body, status, code):
    answer = world.call(method, where, body)
    assert answer.status_code == status, answer.text
    assert code in (None, problem(answer))


def test_an_id_of_any_characters(world):
    """`kid` is the issuer's text: it may hold what a path can't."""
    kid = "k" * 250 + "%2F%C3%A9"
    assert world.good("POST", path(kid, "drop"))["kid"] == "k" * 250 + "/é"
    world.good("POST", path(kid, "restore"))

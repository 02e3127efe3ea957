"""CONTRACT section 8: what the platform's modules ask, sentence by sentence."""

import time
import uuid

import pytest

from harness.database import SERVICE, Relay
from harness.people import NOBODY, Person
from harness.programs import eventually
from harness.service import problem, vestibule

CORE = "/api/v1/core"


class Module:
    """A module with an API key."""

    def __init__(self, service, database, *arguments, module: str = "financial"):
        self.service = service
        result = vestibule("keys", "create", "A module", "--module", module, *arguments,
                           env={"DATABASE_URL": database.service_url})
        assert result.returncode == 0, result.stderr
        self.key = result.stdout.strip()

    def call(self, method, path, body=None, service=None):
        return (service or self.service).request(
            method, CORE + path, headers={"X-API-Key": self.key}, **({} if body is None else {"json": body}))

    def may(self, user, permission, service=None, **more) -> bool:
        answer = self.call("POST", "/rbac/check", {"user_id": user, "permission": permission} | more, service)
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"allowed"}
        return answer.json()["allowed"]


@pytest.fixture(scope="module")
def module(service, database):
    return Module(service, database)


@pytest.fixture(scope="module")
def admin(service, database, okta):
    return Person(service, database, okta, global_role="platform_admin")


def role(admin, *permissions, org=None) -> dict:
    code = "role-" + uuid.uuid4().hex[:8]
    return admin.good("POST", "/admin/roles", {
        "code": code, "name": code.title(), "org_id": org, "permissions": list(permissions)}, 201)


def home(person) -> str:
    return person.good("GET", "/profiles/me")["organizations"][0]["org_id"]


# auth/verify


def test_a_token_is_verified_and_its_person_described(service, database, module, admin, person):
    someone = person()
    org = home(someone)
    given = role(admin, "financial:accounts:read", "reports:*", org=org)
    admin.good("PUT", f"/admin/users/{someone.id}/roles", {"org_id": org, "roles": [given["code"]]})
    answer = module.call("POST", "/auth/verify", {"token": someone.token})
    assert answer.status_code == 200, answer.text
    slug = database.one("SELECT slug FROM org WHERE id = %s", org)
    user = answer.json()["user"]
    assert {name: user[name] for name in ("id", "email", "username", "tenant_id", "tenant_code")} == {
        "id": someone.id, "email": someone.email, "username": someone.email, "tenant_id": org, "tenant_code": slug}
    assert user["roles"] == ["org_user", given["code"]]
    assert {"financial:accounts:read", "reports:*", "org:read"} <= set(user["permissions"])
    assert set(user["permissions"]) == {row[0] for row in database.rows(
        "SELECT effective_permissions(%s, %s)", someone.id, org)}


def test_bad_tokens_are_401_and_strangers_404(service, database, okta, module, person):
    for token, code in (("x", "token_malformed"), ("a" * 20_000, "token_malformed"),
                        (okta.token("old@people.example", exp=int(time.time()) - 3600), "token_expired")):
        answer = module.call("POST", "/auth/verify", {"token": token})
        assert (answer.status_code, problem(answer)) == (401, code)
    stranger = module.call("POST", "/auth/verify", {"token": okta.token(f"{uuid.uuid4().hex}@people.example")})
    assert (stranger.status_code, problem(stranger)) == (404, "not_found")
    gone = person()
    assert module.call("POST", "/auth/verify", {"token": gone.token}).status_code == 200
    database.run("UPDATE auth.users SET is_active = false WHERE id = %s", gone.id)
    eventually(lambda: module.call("POST", "/auth/verify", {"token": gone.token}).status_code == 401, "the lock", 5)
    assert not module.may(gone.id, "org:read")
    for body in ({}, {"token": ""}, {"token": 1}, {"token": None}):
        assert module.call("POST", "/auth/verify", body).status_code == 400
    # Nobody was let in by being asked about.
    assert database.one("SELECT count(*) FROM auth.users WHERE email LIKE %s", "%old@people%") == 0


# rbac


def test_permissions_hang_on_roles_and_roles_on_members(service, database, module, admin, person):
    someone = person()
    org = home(someone)
    assert not module.may(someone.id, "financial:accounts:read")
    wide = role(admin, "financial:*:read", "files:read:own:*")
    own = role(admin, "accounts:*", org=org)
    admin.good("PUT", f"/admin/users/{someone.id}/roles", {"org_id": org, "roles": [wide["code"], own["code"]]})
    expected = {
        "financial:accounts:read": True, "financial:accounts:write": False, "financial:accounts": False,
        "financial:accounts:read:own": False, "files:read:own:x": True, "files:read:other:x": False,
        "accounts:read": True, "accounts:read:own": False, "org:read": True, "org:delete": False}
    assert {permission: module.may(someone.id, permission) for permission in expected} == expected
    batch = module.call("POST", "/rbac/check", {"checks": [
        {"user_id": someone.id, "permission": permission} for permission in expected]
        + [{"user_id": NOBODY, "permission": "org:read"}]})
    assert batch.status_code == 200, batch.text
    assert batch.json() == {"results": [{"allowed": allowed} for allowed in [*expected.values(), False]]}
    # The resource is recorded and changes nothing.
    assert module.may(someone.id, "accounts:read", resource_id="invoice-7")
    eventually(lambda: '"resource_id":"invoice-7"' in service.output(), "the record")
    # The tenant defaults to the current org; in another one the person is nobody.
    assert module.may(someone.id, "accounts:read", tenant_id=org)
    assert not module.may(someone.id, "accounts:read", tenant_id=database.org("far-" + uuid.uuid4().hex[:8]))
    listed = module.call("GET", f"/rbac/users/{someone.id}/permissions")
    assert set(listed.json()) == {"permissions"}
    held = listed.json()["permissions"]
    assert held == sorted(held) and {"accounts:*", "financial:*:read", "org:read"} <= set(held)
    assert module.call("GET", f"/rbac/users/{someone.id}/permissions?tenant_id={NOBODY}").json() == {"permissions": []}
    for unknown in (NOBODY, "x"):
        assert module.call("GET", f"/rbac/users/{unknown}/permissions").status_code == 404


def test_a_role_given_everywhere_counts_everywhere(database, module, admin, person):
    someone = person()
    wide = role(admin, "platform:reports:read")
    admin.good("PUT", f"/admin/users/{someone.id}/roles", {"roles": [wide["code"]]})
    assert module.may(someone.id, "platform:reports:read")
    assert module.may(someone.id, "platform:reports:read", tenant_id=database.org("any-" + uuid.uuid4().hex[:8]))


def test_a_group_gives_its_members_roles(database, module, admin, person):
    someone = person()
    org = home(someone)
    given = role(admin, "group:things:do", org=org)
    group = database.one("INSERT INTO groups (org_id, display_name) VALUES (%s, 'G') RETURNING id", org)
    database.run("INSERT INTO group_roles (group_id, role_id) VALUES (%s, %s)", group, given["id"])
    assert not module.may(someone.id, "group:things:do")
    database.run("INSERT INTO group_members (group_id, org_id, user_id) VALUES (%s, %s, %s)", group, org, someone.id)
    eventually(lambda: module.may(someone.id, "group:things:do"), "the group's role", 5)
    database.run("DELETE FROM groups WHERE id = %s", group)
    eventually(lambda: not module.may(someone.id, "group:things:do"), "the end of the group", 5)


def test_a_change_counts_everywhere_within_100_ms(service, database, okta, clerk, module, admin, person, start):
    other = start(database.service_url, okta, clerk)
    someone = person()
    org = home(someone)
    given = role(admin, "things:do", org=org)
    both = (service, other)
    assert [module.may(someone.id, "things:do", each) for each in both] == [False, False]

    def change(method, path, body, expected):
        answer = admin.call(method, path, body)
        done = time.monotonic()
        assert answer.status_code == 200, answer.text
        for each in both:
            eventually(lambda: module.may(someone.id, "things:do", each) is expected, "the change", 5)
        # Several times the promise, for the sake of a busy machine.
        assert time.monotonic() - done < 0.5

    roles = f"/admin/users/{someone.id}/roles"
    change("PUT", roles, {"org_id": org, "roles": [given["code"]]}, True)
    change("PUT", f"/admin/roles/{given['id']}", {"permissions": []}, False)
    change("PUT", f"/admin/roles/{given['id']}", {"permissions": ["things:*"]}, True)
    change("PUT", roles, {"org_id": org, "roles": []}, False)
    change("PUT", roles, {"org_id": org, "roles": [given["code"]]}, True)
    change("DELETE", f"/admin/roles/{given['id']}", None, False)


def test_checks_are_answered_from_memory(database, okta, clerk, module, person, start):
    relay = Relay()
    near = start(relay.url(SERVICE, database.name), okta, clerk)
    someone = person()
    assert module.may(someone.id, "org:read", near)
    # From here on no statement comes back: whatever asked the database would hang until its time is over.
    relay.freeze()
    try:
        began = time.monotonic()
        for _ in range(50):
            assert module.may(someone.id, "org:read", near)
        batch = module.call("POST", "/rbac/check", {"checks": [{"user_id": someone.id, "permission": "a:b"}] * 1000}, near)
        assert batch.json() == {"results": [{"allowed": False}] * 1000}
        assert time.monotonic() - began < 10
    finally:
        relay.mend()
        near.stop()
        relay.close()


@pytest.mark.parametrize("body, field", [
    ({}, "user_id"), ({"user_id": "x", "permission": "a:b"}, "user_id"), ({"user_id": NOBODY}, "permission"),
    ({"user_id": NOBODY, "permission": "a"}, "permission"), ({"user_id": NOBODY, "permission": "a:b:c:d:e"}, "permission"),
    ({"user_id": NOBODY, "permission": "a::b"}, "permission"), ({"user_id": NOBODY, "permission": "a:b*"}, "permission"),
    ({"user_id": NOBODY, "permission": "a:b", "tenant_id": "x"}, "tenant_id"),
    ({"user_id": NOBODY, "permission": "a:b", "resource_id": "r" * 201}, "resource_id"),
    ({"user_id": NOBODY, "permission": "a:b", "role": "x"}, "role"),
    ({"checks": {}}, "checks"), ({"checks": [1]}, "checks.0"), ({"checks": None}, "checks"),
    ({"checks": [{"user_id": NOBODY, "permission": "a:b"}, {"user_id": NOBODY}]}, "checks.1.permission"),
    ({"checks": [{"user_id": "x", "permission": "a:b"}]}, "checks.0.user_id"),
    ({"checks": [{"user_id": NOBODY, "permission": "a:b", "tenant_id": "x"}]}, "checks.0.tenant_id"),
    ({"checks": [{"user_id": NOBODY, "permission": "a:b", "resource_id": {}}]}, "checks.0.resource_id"),
    ({"checks": [{"user_id": NOBODY, "permission": "a:b"}] * 1001}, "checks"),
    ({"checks": [], "user_id": NOBODY}, "user_id")])
def test_what_is_no_question(module, body, field):
    answer = module.call("POST", "/rbac/check", body)
    assert (answer.status_code, problem(answer)) == (400, "validation_failed")
    assert field in {detail["field"] for detail in answer.json()["details"]}


def test_no_questions_have_no_answers(module):
    assert module.call("POST", "/rbac/check", {"checks": []}).json() == {"results": []}


# A key of one org.


def test_a_key_of_one_org_hears_of_that_org_alone(service, database, person):
    member, stranger = person(), person()
    org, far = home(member), home(stranger)
    bound = Module(service, database, "--org", org)
    assert bound.may(member.id, "org:read") and bound.may(member.id, "org:read", tenant_id=org)
    assert not bound.may(member.id, "org:read", tenant_id=far)
    assert not bound.may(stranger.id, "org:read") and not bound.may(stranger.id, "org:read", tenant_id=far)
    assert bound.call("GET", f"/rbac/users/{member.id}/permissions").status_code == 200
    assert bound.call("GET", f"/rbac/users/{member.id}/permissions?tenant_id={far}").status_code == 404
    assert bound.call("GET", f"/rbac/users/{stranger.id}/permissions").status_code == 404
    assert bound.call("POST", "/auth/verify", {"token": member.token}).json()["user"]["tenant_id"] == org
    assert bound.call("POST", "/auth/verify", {"token": stranger.token}).status_code == 404
    entry = {"user_id": member.id, "action": "a", "resource_type": "t"}
    assert bound.call("POST", "/audit/log", entry | {"tenant_id": far}).status_code == 404
    assert bound.call("POST", "/audit/log", entry).status_code == 200


@pytest.mark.parametrize("method, path, body", [
    ("POST", "/auth/verify", {"token": "x"}), ("POST", "/rbac/check", {"user_id": NOBODY, "permission": "a:b"}),
    ("GET", f"/rbac/users/{NOBODY}/permissions", None), ("GET", f"/tenants/{NOBODY}", None),
    ("GET", f"/tenants/{NOBODY}/modules/m", None),
    ("POST", "/audit/log", {"user_id": NOBODY, "action": "a", "resource_type": "t"})])
def test_everything_needs_a_key(service, database, person, method, path, body):
    token = person().token
    for headers in ({}, {"X-API-Key": "vst_unknown1_x"}, {"Authorization": f"Bearer {token}"}):
        answer = service.request(method, CORE + path, headers=headers, **({} if body is None else {"json": body}))
        assert (answer.status_code, problem(answer)) == (401, "api_key_invalid")
    # A key for SCIM is for SCIM.
    scim = Module(service, database, "--org", home(person()), module="scim")
    assert scim.call(method, path, body).status_code == 401


# audit/log


def test_what_a_module_says_is_in_the_trail(database, module, person):
    someone = person()
    org = home(someone)
    entry = {"user_id": someone.id, "action": "invoice.approve", "resource_type": "invoice", "resource_id": "7",
             "details": {"amount": 12.5, "password": "hush", "nested": {"client_secret": "hush"}}}
    answer = module.call("POST", "/audit/log", entry)
    assert (answer.status_code, answer.json()) == (200, {"status": "logged"}), answer.text
    rows = database.rows(
        "SELECT action, resource_type, resource_id, org_id::text, module, details, request_id FROM audit_log"
        " WHERE actor_id = %s AND action = 'invoice.approve'", someone.id)
    assert len(rows) == 1
    assert rows[0][:5] == ("invoice.approve", "invoice", "7", org, "financial")
    assert rows[0][5]["amount"] == 12.5 and "hush" not in str(rows[0][5])
    assert rows[0][5]["api_key"] == module.key.split("_")[1]
    assert rows[0][6] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("change, status, field", [
    ({"user_id": None}, 400, "user_id"), ({"action": ""}, 400, "action"), ({"action": "a" * 201}, 400, "action"),
    ({"resource_type": None}, 400, "resource_type"), ({"resource_id": 7}, 400, "resource_id"),
    ({"details": []}, 400, "details"), ({"details": {"a": "x" * 33_000}}, 400, "details"),
    ({"module": "other"}, 400, "module"), ({"user_id": NOBODY}, 404, None), ({"tenant_id": NOBODY}, 404, None)])
def test_what_the_trail_does_not_take(module, person, change, status, field):
    entry = {"user_id": person().id, "action": "a", "resource_type": "t"} | change
    answer = module.call("POST", "/audit/log", entry)
    assert answer.status_code == status, answer.text
    if field:
        assert [detail["field"] for detail in answer.json()["details"]] == [field]

"""CONTRACT section 7: roles, who has them, and the modules of tenants."""

import uuid

import pytest

from harness.people import NOBODY, Person


@pytest.fixture(scope="module")
def admin(service, database, okta):
    return Person(service, database, okta, global_role="global_admin")


def code() -> str:
    return "role-" + uuid.uuid4().hex[:8]


def make(admin, org=None, **more) -> dict:
    return admin.good("POST", "/admin/roles", {"code": code(), "name": "A role", "org_id": org} | more, 201)


def test_a_role_is_made_changed_and_deleted(database, admin):
    made = make(admin, permissions=["b:read", "a:*"], description="For tests")
    assert made["permissions"] == ["a:*", "b:read"] and made["org_id"] is None and made["is_system"] is False
    assert admin.good("GET", f"/admin/roles/{made['id']}") == made
    assert made in admin.good("GET", "/admin/roles?limit=1000")
    changed = admin.good("PUT", f"/admin/roles/{made['id']}", {
        "code": made["code"], "name": "New", "org_id": None, "permissions": ["b:read", "c:read"]})
    assert (changed["name"], changed["permissions"], changed["description"]) == ("New", ["b:read", "c:read"], "For tests")
    cleared = admin.good("PUT", f"/admin/roles/{made['id']}", {"description": None})
    assert cleared["description"] is None and cleared["permissions"] == ["b:read", "c:read"]
    assert admin.good("DELETE", f"/admin/roles/{made['id']}") == {"id": made["id"]}
    admin.bad("GET", f"/admin/roles/{made['id']}", None, 404, "not_found")
    admin.bad("DELETE", f"/admin/roles/{made['id']}", None, 404, "not_found")
    actions = {row[0] for row in database.rows(
        "SELECT action FROM audit_log WHERE resource_id = %s AND actor_id = %s", made["id"], admin.id)}
    assert {"roles.insert", "roles.update", "roles.delete", "role_permissions.insert"} <= actions


def test_a_code_is_unique_in_its_org_and_on_the_platform(database, admin):
    org, other = database.org(code()), database.org(code())
    mine = make(admin, org)
    for place, status in ((org, 409), (other, 201), (None, 201), (None, 409)):
        answer = admin.call("POST", "/admin/roles", {"code": mine["code"], "name": "n", "org_id": place})
        assert answer.status_code == status, answer.text
    listed = admin.good("GET", f"/admin/roles?org_id={org}&limit=1000")
    assert {entry["org_id"] for entry in listed} == {None, org}
    assert [entry["org_id"] for entry in listed if entry["code"] == mine["code"]] == [org, None]
    admin.bad("PUT", f"/admin/roles/{mine['id']}", {"org_id": other}, 400, "validation_failed")
    admin.bad("POST", "/admin/roles", {"code": code(), "name": "n", "org_id": NOBODY}, 404, "not_found")


def test_the_system_s_roles_keep_their_name_and_may_permit_more(database, admin):
    system = {entry["code"]: entry for entry in admin.good("GET", "/admin/roles?limit=1000") if entry["is_system"]}
    assert set(system) == {"org_user", "org_admin", "org_owner"}
    path = f"/admin/roles/{system['org_admin']['id']}"
    admin.bad("PUT", path, {"name": "Chief"}, 403, "forbidden")
    admin.bad("PUT", path, {"code": code()}, 403, "forbidden")
    admin.bad("DELETE", path, None, 403, "forbidden")
    before = system["org_admin"]["permissions"]
    assert admin.good("PUT", path, {"permissions": [*before, "z:read"]})["permissions"] == [*before, "z:read"]
    assert admin.good("PUT", path, {"permissions": before})["permissions"] == before


def test_an_older_state_is_not_changed(admin):
    made = make(admin)
    path, tag = f"/admin/roles/{made['id']}", f'"{made["updated_at"]}"'
    first = admin.call("PUT", path, {"name": "First"}, If_Match=tag)
    assert first.status_code == 200 and first.headers["ETag"] != tag
    assert admin.call("PUT", path, {"name": "Second"}, If_Match=tag).status_code == 412
    assert admin.call("GET", path, If_None_Match=first.headers["ETag"]).status_code == 304
    # Permissions alone are a change too.
    assert admin.call("PUT", path, {"permissions": ["a:b"]}).headers["ETag"] != first.headers["ETag"]


def test_a_repeated_request_makes_one_role(admin):
    body = {"code": code(), "name": "Once", "permissions": ["once:only"]}
    answers = [admin.call("POST", "/admin/roles", body, Idempotency_Key="k-" + body["code"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("change, field", [
    ({"code": None}, "code"), ({"code": "Big"}, "code"), ({"code": "-x"}, "code"), ({"code": "x" * 64}, "code"),
    ({"code": "org_admin"}, "code"), ({"code": "platform_owner"}, "code"), ({"name": ""}, "name"),
    ({"name": "n" * 201}, "name"), ({"permissions": "a:b"}, "permissions"), ({"permissions": ["a"]}, "permissions.0"),
    ({"permissions": ["a:b", "A:b"]}, "permissions.1"), ({"permissions": ["a:b:c:d:e"]}, "permissions.0"),
    ({"permissions": [7]}, "permissions.0"), ({"org_id": "x"}, "org_id"), ({"is_system": True}, "is_system"),
    ({"permissions": ["a:b"] * 1001}, "permissions")])
def test_what_a_role_can_not_be(admin, change, field):
    answer = admin.bad("POST", "/admin/roles", {"code": code(), "name": "n"} | change, 400, "validation_failed")
    assert [detail["field"] for detail in answer["details"]] == [field]


def test_roles_are_given_in_place_of_others(database, admin, person):
    someone = person()
    org = someone.good("GET", "/profiles/me")["organizations"][0]["org_id"]
    wide, narrow = make(admin), make(admin, org)
    path = f"/admin/users/{someone.id}/roles"
    body = {"org_id": org, "roles": [wide["code"], narrow["code"], wide["code"]]}
    assert set(admin.good("PUT", path, body)["roles"]) == {wide["code"], narrow["code"]}
    admin.good("PUT", path, {"roles": [wide["code"]]})
    listed = {(entry["org_id"], entry["code"]) for entry in admin.good("GET", path)["roles"]}
    assert listed == {(org, wide["code"]), (org, narrow["code"]), (None, wide["code"])}
    assert admin.good("PUT", path, {"org_id": org, "roles": []})["roles"] == []
    assert [entry["org_id"] for entry in admin.good("GET", path)["roles"]] == [None]
    assert database.one("SELECT count(*) FROM audit_log WHERE action = 'member_roles.insert' AND actor_id = %s"
                        " AND after ->> 'user_id' = %s", admin.id, someone.id) == 3
    # An org's own role is worth nothing elsewhere, and nothing everywhere.
    admin.bad("PUT", path, {"roles": [narrow["code"]]}, 400, "validation_failed")
    admin.bad("PUT", path, {"org_id": org, "roles": ["org_admin"]}, 400, "validation_failed")
    admin.bad("PUT", path, {"org_id": org, "roles": ["none-such"]}, 400, "validation_failed")
    admin.bad("PUT", path, {"org_id": org}, 400, "validation_failed")
    admin.bad("PUT", path, {"org_id": database.org(code()), "roles": [wide["code"]]}, 404, "not_found")
    admin.bad("PUT", f"/admin/users/{NOBODY}/roles", {"roles": []}, 404, "not_found")


def test_the_org_s_own_role_goes_before_the_platform_s(database, admin, person):
    someone = person()
    org = someone.good("GET", "/profiles/me")["organizations"][0]["org_id"]
    everywhere = make(admin)
    here = make(admin, org, code=everywhere["code"])
    admin.good("PUT", f"/admin/users/{someone.id}/roles", {"org_id": org, "roles": [here["code"]]})
    assert [entry["role_id"] for entry in admin.good("GET", f"/admin/users/{someone.id}/roles")["roles"]] == [here["id"]]


def test_modules_are_switched(database, admin, person):
    org = database.org(code())
    path = f"/admin/tenants/{org}/modules"
    assert admin.good("PUT", f"{path}/ledger", {"enabled": True}) == {"org_id": org, "module": "ledger", "enabled": True}
    admin.good("PUT", f"{path}/ledger", {"enabled": False})
    admin.good("PUT", f"{path}/wiki", {"enabled": True})
    assert admin.good("GET", path)["modules"] == [
        {"module": "ledger", "enabled": False}, {"module": "wiki", "enabled": True}]
    admin.bad("PUT", f"{path}/Ledger", {"enabled": True}, 400, "validation_failed")
    admin.bad("PUT", f"{path}/ledger", {}, 400, "validation_failed")
    admin.bad("PUT", f"{path}/ledger", {"enabled": 1}, 400, "validation_failed")
    admin.bad("PUT", f"/admin/tenants/{NOBODY}/modules/ledger", {"enabled": True}, 404, "not_found")


def test_this_is_for_administrators(service, person):
    someone = person(role="org_owner")
    for method, path, body in (
            ("GET", "/admin/roles", None), ("POST", "/admin/roles", {"code": code(), "name": "n"}),
            ("GET", f"/admin/roles/{NOBODY}", None), ("PUT", f"/admin/roles/{NOBODY}", {}),
            ("DELETE", f"/admin/roles/{NOBODY}", None), ("GET", f"/admin/users/{NOBODY}/roles", None),
            ("PUT", f"/admin/users/{NOBODY}/roles", {"roles": []}), ("GET", f"/admin/tenants/{NOBODY}/modules", None),
            ("PUT", f"/admin/tenants/{NOBODY}/modules/m", {"enabled": True})):
        someone.bad(method, path, body, 403, "forbidden")
        assert service.request(method, path).status_code == 401

"""CONTRACT section 7: administrators list people and change what they are."""

import uuid

import pytest

from harness.people import NOBODY, unique


@pytest.fixture
def admin(person):
    return person(global_role="platform_admin")


def ids(entries) -> list:
    return [entry["id"] for entry in entries]


def test_users_are_found(admin, person, database):
    someone, other = person(), person()
    someone.good("PUT", "/profiles/me", {"full_name": "Zoë 100%_Sure"})
    for query, found in (
            (f"search={someone.email[:12].upper()}", [someone.id]), (f"email={other.email.upper()}", [other.id]),
            ("search=zo%C3%AB%20100%25_", [someone.id]), ("search=zo%25", []), ("search=zo_", []),
            ("search=people.example", []), (f"search={someone.email}&is_active=false", []),
            (f"search={someone.email}&global_role=global_user", [someone.id]),
            (f"search={someone.email}&global_role=platform_owner", []), ("global_role=global_owner", []),
            (f"email={someone.email}&search=user", [someone.id]), (f"org_id={NOBODY}", [])):
        assert ids(admin.good("GET", f"/admin/users?{query}")) == found, query
    home = someone.good("GET", "/profiles/me")["organizations"][0]["org_id"]
    entry = admin.good("GET", f"/admin/users?org_id={home}")[0]
    assert (entry["id"], entry["email"], entry["full_name"]) == (someone.id, someone.email, "Zoë 100%_Sure")
    assert (entry["is_active"], entry["global_role"], entry["deactivated_at"]) == (True, "global_user", None)
    part = admin.call("GET", "/admin/users?limit=1&offset=1").json()
    assert len(part["data"]) == 1 and part["page"] == {"limit": 1, "offset": 1, "has_more": True}
    everybody = admin.good("GET", "/admin/users?limit=1000")
    assert len(everybody) == database.one("SELECT count(*) FROM auth.users")
    assert everybody == sorted(everybody, key=lambda entry: (entry["created_at"], entry["id"]))


@pytest.mark.parametrize("query, wrong", [
    ("limit=0", "limit"), ("limit=1001", "limit"), ("offset=-1", "offset"), ("is_active=yes", "is_active"),
    ("global_role=boss", "global_role"), ("org_id=x", "org_id"), ("search=", "search"), ("search=%ff", "search"),
    ("search=%00", "search"), ("limit=1&limit=2", "limit"), ("email=" + "x" * 501, "email")])
def test_a_filter_that_is_none_is_named(admin, query, wrong):
    answer = admin.bad("GET", f"/admin/users?{query}", None, 400, "validation_failed")
    assert {detail["field"] for detail in answer["details"]} == {wrong}


def test_only_administrators_list_and_change(owner, admin):
    for path in ("/admin/users", "/admin/audit", "/admin/auth-events"):
        owner.bad("GET", path, None, 403, "forbidden")
    owner.bad("PUT", f"/admin/users/{owner.id}", {"global_role": "platform_owner"}, 403, "forbidden")
    admin.bad("PUT", f"/admin/users/{NOBODY}", {"is_active": False}, 404, "not_found")
    admin.bad("PUT", "/admin/users/none", {"is_active": False}, 404, "not_found")


def test_a_role_is_given_and_somebody_locked_out(admin, person):
    someone = person()
    path = f"/admin/users/{someone.id}"
    data = admin.good("PUT", path, {"global_role": "global_admin"})
    assert data["id"] == someone.id and data["global_role"] == "global_admin" and data["is_active"] is True
    # At once, and on the next request.
    assert someone.good("GET", "/admin/users?limit=1")
    data = admin.good("PUT", path, {"is_active": False, "global_role": "global_user"})
    assert (data["is_active"], data["global_role"]) == (False, "global_user") and data["deactivated_at"]
    someone.bad("GET", "/orgs", None, 403, "user_deactivated")
    assert someone.id in ids(admin.good("GET", "/admin/users?is_active=false"))
    data = admin.good("PUT", path, {"is_active": True})
    assert data["is_active"] is True and data["deactivated_at"] is None
    someone.good("GET", "/orgs")
    assert admin.good("PUT", path, {}) == data


@pytest.mark.parametrize("body, wrong", [
    ({"global_role": "boss"}, "global_role"), ({"global_role": None}, "global_role"), ({"is_active": "no"}, "is_active"),
    ({"is_active": None}, "is_active"), ({"email": "a@b.example"}, "email")])
def test_a_change_needs_good_fields(admin, person, body, wrong):
    answer = admin.bad("PUT", f"/admin/users/{admin.id}", body, 400, "validation_failed")
    assert {detail["field"] for detail in answer["details"]} == {wrong}


def test_nobody_raises_anybody_above_themselves(person):
    low, high, someone = person(global_role="global_admin"), person(global_role="super_admin"), person()
    for who, whom, body in (
            (low, someone, {"global_role": "global_owner"}), (low, low, {"global_role": "super_admin"}),
            (low, high, {"global_role": "global_user"}), (low, high, {"is_active": False})):
        who.bad("PUT", f"/admin/users/{whom.id}", body, 403, "forbidden")
    assert low.good("PUT", f"/admin/users/{someone.id}", {"global_role": "global_admin"})["global_role"] == "global_admin"
    assert high.good("PUT", f"/admin/users/{low.id}", {"global_role": "global_user"})["global_role"] == "global_user"
    low.bad("GET", "/admin/users", None, 403, "forbidden")


def test_the_last_platform_owner_stays(database, person):
    database.run("UPDATE profiles SET global_role = 'platform_admin' WHERE global_role = 'platform_owner'")
    first = person(global_role="platform_owner")
    path = f"/admin/users/{first.id}"
    first.bad("PUT", path, {"global_role": "global_user"}, 409, "conflict")
    first.bad("PUT", path, {"is_active": False}, 409, "conflict")
    first.bad("PUT", path, {"is_active": False, "global_role": "platform_admin"}, 409, "conflict")
    assert first.good("GET", f"/admin/users?email={first.email}")[0]["is_active"] is True
    second = person(global_role="platform_owner")
    # Not even when there is another one: nobody could undo it from there.
    first.bad("PUT", path, {"is_active": False}, 409, "conflict")
    assert second.good("PUT", path, {"global_role": "platform_admin"})["global_role"] == "platform_admin"


def test_a_user_without_profile(admin, database):
    email, user = unique(), str(uuid.uuid4())
    database.run("INSERT INTO auth.users (id, email) VALUES (%s, %s)", user, email)
    path = f"/admin/users/{user}"
    admin.bad("PUT", path, {"global_role": "global_admin", "is_active": False}, 409, "conflict")
    entry = admin.good("GET", f"/admin/users?email={email}")[0]
    assert entry["is_active"] is True and entry["global_role"] is None
    assert admin.good("PUT", path, {"is_active": False})["is_active"] is False

"""CONTRACT section 9: groups of an org, kept by its directory, and the roles that they give."""

import uuid

import pytest

from harness.people import NOBODY, Person, unique
from harness.scim import GROUP, PATCH, Directory


@pytest.fixture
def directory(service, database):
    return Directory(service, database)


def ids(group: dict) -> set:
    return {member["value"] for member in group.get("members", [])}


def test_a_group_from_making_to_deleting(directory):
    ada, bob = directory.user(unique()), directory.user(unique())
    group = directory.group("Crew", ada, externalId="g1")
    assert group["schemas"] == [GROUP] and group["meta"]["resourceType"] == "Group" and ids(group) == {ada["id"]}
    assert group["members"][0]["$ref"].endswith("/Users/" + ada["id"]) and group["members"][0]["type"] == "User"
    path = "/Groups/" + group["id"]
    assert directory.good("GET", path) == group
    assert directory.good("GET", "/Users/" + ada["id"])["groups"][0] == {
        "value": group["id"], "display": "Crew", "$ref": group["meta"]["location"]}
    changed = directory.good("PUT", path, {"schemas": [GROUP], "displayName": "Staff", "members": [{"value": bob["id"]}]})
    assert changed["displayName"] == "Staff" and ids(changed) == {bob["id"]} and "externalId" not in changed
    assert changed["meta"]["version"] != group["meta"]["version"]
    assert "groups" not in directory.good("GET", "/Users/" + ada["id"])
    directory.good("DELETE", path, status=204)
    directory.bad("GET", path, None, 404)
    assert "groups" not in directory.good("GET", "/Users/" + bob["id"])


def test_members_are_changed_as_okta_and_entra_send_it(directory):
    a, b, c = (directory.user(unique()) for _ in range(3))
    group = directory.group("Team", a, b)
    path = "/Groups/" + group["id"]
    assert ids(directory.patch(path, {"op": "remove", "path": f'members[value eq "{a["id"]}"]'},
                               {"op": "add", "path": "members", "value": [{"value": c["id"], "display": "x"}]})) == {b["id"], c["id"]}
    assert ids(directory.patch(path, {"op": "Add", "path": "members", "value": [{"value": a["id"]}]})) == {a["id"], b["id"], c["id"]}
    assert ids(directory.patch(path, {"op": "Remove", "path": "members", "value": [{"value": b["id"]}]})) == {a["id"], c["id"]}
    renamed = directory.patch(path, {"op": "replace", "value": {"id": group["id"], "displayName": "Squad"}})
    assert renamed["displayName"] == "Squad" and ids(renamed) == {a["id"], c["id"]}
    assert ids(directory.patch(path, {"op": "replace", "value": {
        "id": group["id"], "displayName": "Squad", "members": [{"value": b["id"]}]}})) == {b["id"]}
    assert ids(directory.patch(path, {"op": "replace", "path": "members", "value": []})) == set()
    # A filter that means nobody takes nobody out, and nothing is half done.
    directory.patch(path, {"op": "add", "path": "members", "value": [{"value": a["id"]}]})
    assert ids(directory.patch(path, {"op": "remove", "path": f'members[value eq "{NOBODY}"]'})) == {a["id"]}
    directory.bad("PATCH", path, {"schemas": [PATCH], "Operations": [
        {"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"value": NOBODY}]}]}, 400, "invalidValue")
    assert ids(directory.good("GET", path)) == {a["id"]}


def test_who_is_suspended_stays_in_the_group(directory):
    ada = directory.user(unique())
    group = directory.group("Team", ada)
    directory.patch("/Users/" + ada["id"], {"op": "replace", "value": {"active": False}})
    assert ids(directory.good("GET", "/Groups/" + group["id"])) == {ada["id"]}
    other = directory.group("Others", ada)
    assert ids(other) == {ada["id"]}
    directory.patch("/Users/" + ada["id"], {"op": "replace", "value": {"active": True}})
    assert {g["display"] for g in directory.good("GET", "/Users/" + ada["id"])["groups"]} == {"Team", "Others"}


@pytest.mark.parametrize("role", ["org_admin", "org_owner"])
def test_a_group_named_as_a_role_gives_it(directory, service, okta, role):
    email = unique()
    ada = directory.user(email)
    token = okta.token(email)
    service.provision(token)
    seen = lambda: service.authorize(token).headers["X-Auth-Org-Role"]  # noqa: E731
    assert seen() == "org_user"
    keeper = directory.user(unique())
    group = directory.group(role.capitalize(), ada, keeper)
    assert directory.role(ada) == role and seen() == role
    directory.patch("/Groups/" + group["id"], {"op": "remove", "path": f'members[value eq "{ada["id"]}"]'})
    assert directory.role(ada) == "org_user" and seen() == "org_user" and directory.role(keeper) == role
    directory.patch("/Groups/" + group["id"], {"op": "add", "path": "members", "value": [{"value": ada["id"]}]})
    if role == "org_owner":
        directory.bad("DELETE", "/Groups/" + group["id"], None, 409, "mutability")
    else:
        directory.patch("/Groups/" + group["id"], {"op": "replace", "value": {"displayName": "Just people"}})
        assert directory.role(ada) == "org_user" and seen() == "org_user"


def test_a_higher_role_given_by_hand_is_kept(service, database, okta):
    org = database.org("hand-" + uuid.uuid4().hex[:8])
    owner = Person(service, database, okta, org=org, role="org_owner")
    directory = Directory(service, database, org)
    group = directory.group("org_admin", {"id": owner.id})
    assert directory.role({"id": owner.id}) == "org_owner"
    directory.good("DELETE", "/Groups/" + group["id"], status=204)
    assert directory.role({"id": owner.id}) == "org_owner"


def test_a_group_named_as_a_role_of_the_org_gives_its_permissions(directory, database):
    code = "auditor-" + uuid.uuid4().hex[:6]
    role = database.one("INSERT INTO roles (org_id, code, name) VALUES (%s, %s, 'Auditors') RETURNING id", directory.org, code)
    permission = database.one("INSERT INTO permissions (code) VALUES (%s) RETURNING id", f"books:{code}")
    database.run("INSERT INTO role_permissions (role_id, permission_id) VALUES (%s, %s)", role, permission)
    ada = directory.user(unique())
    has = lambda: database.one(  # noqa: E731
        "SELECT count(*) FROM effective_permissions(%s, %s) p WHERE p = %s", ada["id"], directory.org, f"books:{code}") == 1
    group = directory.group("auditors", ada)
    assert has()
    directory.patch("/Groups/" + group["id"], {"op": "replace", "path": "displayName", "value": "Others"})
    assert not has()
    directory.patch("/Groups/" + group["id"], {"op": "replace", "path": "displayName", "value": code})
    assert has()


def test_a_group_may_be_there_before_its_role(directory, database):
    code = "buyer-" + uuid.uuid4().hex[:6]
    group = directory.group(code.upper(), directory.user(unique()))
    role = database.one("INSERT INTO roles (org_id, code, name) VALUES (%s, %s, 'Buyers') RETURNING id", directory.org, code)
    assert database.rows("SELECT role_id FROM group_roles WHERE group_id = %s", group["id"]) == [(role,)]
    other = database.org("other-" + code)
    database.run("INSERT INTO roles (org_id, code, name) VALUES (%s, %s, 'Buyers')", other, code)
    assert len(database.rows("SELECT role_id FROM group_roles WHERE group_id = %s", group["id"])) == 1


def test_what_is_no_group_is_refused(directory):
    directory.group("Taken", externalId="e")
    for body, status, kind in [
            ({"schemas": [GROUP]}, 400, "invalidValue"), ({"displayName": "x"}, 400, "invalidSyntax"),
            ({"schemas": [GROUP], "displayName": "x" * 201}, 400, "invalidValue"),
            ({"schemas": [GROUP], "displayName": "tAKEN"}, 409, "uniqueness"),
            ({"schemas": [GROUP], "displayName": "Other", "externalId": "e"}, 409, "uniqueness"),
            ({"schemas": [GROUP], "displayName": "x", "members": [{"value": "x"}]}, 400, "invalidValue"),
            ({"schemas": [GROUP], "displayName": "x", "members": [{"value": NOBODY}]}, 400, "invalidValue")]:
        directory.bad("POST", "/Groups", body, status, kind)
    assert [g["displayName"] for g in directory.find("/Groups")] == ["Taken"]
    directory.group("x" * 200)


def test_groups_are_found_by_name_member_and_id(directory):
    ada, bob = directory.user(unique()), directory.user(unique())
    one, two = directory.group("One", ada), directory.group("Two", ada, bob)
    found = lambda text: [g["displayName"] for g in directory.find("/Groups", "?filter=" + text)]  # noqa: E731
    assert found('displayName eq "ONE"') == ["One"]
    assert found(f'members eq "{ada["id"]}"') == ["One", "Two"]
    assert found(f'members[value eq "{bob["id"]}"]') == ["Two"]
    assert found(f'id eq "{one["id"]}" and members eq "{bob["id"]}"') == []
    assert found(f'id eq "{two["id"]}" and members eq "{bob["id"]}"') == ["Two"]
    assert found("members pr") == ["One", "Two"]
    assert found('displayName sw "t"') == ["Two"]
    slim = directory.find("/Groups", f'?excludedAttributes=members&filter=members eq "{bob["id"]}"')[0]
    assert slim["displayName"] == "Two" and "members" not in slim
    assert "members" not in directory.good("GET", f"/Groups/{two['id']}?excludedAttributes=members")
    assert set(directory.find("/Groups", "?attributes=displayName&sortBy=displayName&sortOrder=descending")[0]) == {
        "schemas", "id", "displayName"}
    directory.bad("GET", '/Groups?filter=userName eq "x"', None, 400, "invalidFilter")


def test_another_orgs_groups_and_people_are_not_there(service, database):
    ours, theirs = Directory(service, database), Directory(service, database)
    stranger = theirs.user(unique())
    group = theirs.group("Theirs", stranger)
    path = "/Groups/" + group["id"]
    ours.bad("GET", path, None, 404)
    ours.bad("PUT", path, {"schemas": [GROUP], "displayName": "x"}, 404)
    ours.bad("PATCH", path, {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "members"}]}, 404)
    ours.bad("DELETE", path, None, 404)
    assert ours.find("/Groups") == ours.find("/Groups", f'?filter=id eq "{group["id"]}"') == []
    assert ours.find("/Groups", f'?filter=members eq "{stranger["id"]}"') == []
    ours.bad("POST", "/Groups", {"schemas": [GROUP], "displayName": "x", "members": [{"value": stranger["id"]}]}, 400, "invalidValue")
    own = ours.group("Ours")
    ours.bad("PATCH", "/Groups/" + own["id"], {"schemas": [PATCH], "Operations": [
        {"op": "add", "path": "members", "value": [{"value": stranger["id"]}]}]}, 400, "invalidValue")
    assert theirs.good("GET", path) == group


def test_a_change_of_an_older_state_is_refused(directory):
    ada = directory.user(unique())
    group = directory.group("Team")
    path, version = "/Groups/" + group["id"], group["meta"]["version"]
    assert directory.call("GET", path, If_None_Match=version).status_code == 304
    directory.patch(path, {"op": "add", "path": "members", "value": [{"value": ada["id"]}]}, If_Match=version)
    assert directory.call("GET", path, If_None_Match=version).status_code == 200
    directory.bad("DELETE", path, None, 412, If_Match=version)
    # Somebody who leaves the org leaves its groups.
    version = directory.good("GET", path)["meta"]["version"]
    directory.good("DELETE", "/Users/" + ada["id"], status=204)
    assert directory.good("GET", path)["meta"]["version"] != version

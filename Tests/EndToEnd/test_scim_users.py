"""CONTRACT sections 9 and 13: the people of an org, kept by its directory (RFC 7643, RFC 7644)."""

import time
import uuid

import pytest

from harness.people import NOBODY, Person, unique
from harness.programs import eventually
from harness.scim import ENTERPRISE, USER, Directory
from harness.service import problem


@pytest.fixture
def directory(service, database):
    return Directory(service, database)


def allowed(service, token) -> int:
    return service.get("/authorize/nginx", token, headers={"X-Original-Method": "GET", "X-Original-URI": "/"}).status_code


# One person's life.


def test_a_person_is_made_and_comes_in_by_their_first_login(directory, service, database, okta):
    email = unique()
    made = directory.user(email, externalId="00u1", title="Engineer", **{ENTERPRISE: {"department": "Tools"}})
    assert made["userName"] == email and made["active"] is True and made["externalId"] == "00u1"
    assert set(made["schemas"]) == {USER, ENTERPRISE} and made[ENTERPRISE] == {"department": "Tools"}
    assert made["meta"]["resourceType"] == "User" and made["meta"]["location"].endswith("/scim/v2/Users/" + made["id"])
    assert directory.good("GET", "/Users/" + made["id"]) == made
    token = okta.token(email)
    answer = service.provision(token)
    assert answer.status_code in (200, 201), answer.text
    data = answer.json()["data"]
    assert data["user"]["id"] == made["id"] and data["decision"]["outcome"] == "linked"
    assert [org["org_id"] for org in data["organizations"]] == [directory.org]
    assert data["profile"]["full_name"] == "Given Family"
    assert allowed(service, token) == 200


def test_whoever_was_refused_a_moment_ago_is_let_in_as_soon_as_the_directory_has_them(directory, service, okta):
    """Well before the refusal would be forgotten by itself, after five seconds."""
    email = unique()
    token = okta.token(email)
    assert allowed(service, token) == 403
    made = directory.user(email.upper(), active=False)
    eventually(lambda: problem(service.authorize(token)) == "user_deactivated", "the deactivated", 3)
    directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": True}})
    eventually(lambda: allowed(service, token) == 200, "the newcomer", 3)


def test_a_password_is_neither_kept_nor_shown(directory, database, service):
    made = directory.user(unique(), password="Sup3r-s3cret-word")
    assert "password" not in made
    assert "Sup3r-s3cret-word" not in service.output()
    for table in ("scim_users", "audit_log", "auth.users", "profiles"):
        assert database.one(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%Sup3r%%'") == 0


@pytest.mark.parametrize("operation", [
    {"op": "replace", "value": {"active": False}}, {"op": "Replace", "path": "active", "value": "False"}])
def test_whoever_is_deactivated_is_out_at_once_and_may_come_back(directory, service, okta, operation):
    email = unique()
    made = directory.user(email)
    crew = directory.group("crew-" + uuid.uuid4().hex[:6], made)
    token = okta.token(email)
    service.provision(token)
    assert allowed(service, token) == 200
    assert directory.patch("/Users/" + made["id"], operation)["active"] is False
    assert allowed(service, token) == 403
    assert problem(service.provision(token)) == "user_deactivated"
    assert directory.role(made) is None
    assert directory.good("GET", "/Users/" + made["id"])["active"] is False
    assert directory.find("/Users", f'?filter=userName eq "{email}"')[0]["active"] is False
    back = directory.patch("/Users/" + made["id"], {"op": "replace", "path": "active", "value": True})
    assert back["active"] is True and back["groups"][0]["value"] == crew["id"]
    assert allowed(service, token) == 200
    assert directory.role(made) == "org_user"


def test_other_instances_know_within_a_tenth_of_a_second(directory, service, start, database, okta):
    other = start(database.service_url, okta)
    email = unique()
    made = directory.user(email)
    token = okta.token(email)
    service.provision(token)
    eventually(lambda: allowed(other, token) == 200, "the other instance lets them in", 10)
    times = []
    for _ in range(5):
        directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": False}})
        began = time.monotonic()
        eventually(lambda: allowed(other, token) == 403, "the other instance refuses", 5)
        times.append(time.monotonic() - began)
        directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": True}})
        eventually(lambda: allowed(other, token) == 200, "the other instance lets them in again", 5)
    assert sorted(times)[2] < 0.1, times


def test_a_deleted_person_is_gone_and_can_be_made_again(directory, service, okta):
    email = unique()
    made = directory.user(email)
    token = okta.token(email)
    service.provision(token)
    directory.good("DELETE", "/Users/" + made["id"], status=204)
    directory.bad("GET", "/Users/" + made["id"], None, 404)
    directory.bad("DELETE", "/Users/" + made["id"], None, 404)
    assert directory.find("/Users", f'?filter=userName eq "{email}"') == []
    assert allowed(service, token) == 403
    again = directory.user(email)
    assert again["id"] == made["id"]
    assert allowed(service, token) == 200


def test_a_put_replaces_and_says_what_is_there_now(directory, database):
    made = directory.user(unique(), title="A", nickName="N")
    changed = directory.good("PUT", "/Users/" + made["id"], {
        "schemas": [USER], "id": made["id"], "userName": made["userName"], "title": "B", "active": True,
        "emails": made["emails"], "name": {"givenName": "New", "familyName": "Name"}, "groups": [{"value": NOBODY}]})
    assert changed["title"] == "B" and "nickName" not in changed and "groups" not in changed
    assert changed["meta"]["version"] != made["meta"]["version"]
    assert database.one("SELECT full_name FROM profiles WHERE user_id = %s", made["id"]) == "New Name"


def test_a_new_e_mail_is_the_one_to_come_in_by(directory, service, okta):
    before, after = unique(), unique()
    made = directory.user(before)
    directory.patch("/Users/" + made["id"], {"op": "Replace", "path": 'emails[type eq "work"].value', "value": after})
    assert service.provision(okta.token(after)).json()["data"]["user"]["id"] == made["id"]
    # Whoever has come in keeps theirs: only an address of the org's own domain can be given to them.
    directory.patch("/Users/" + made["id"], {"op": "replace", "path": 'emails[type eq "work"].value', "value": unique()})
    assert service.provision(okta.token(after)).json()["data"]["user"]["email"] == after


def test_of_whom_nothing_is_said_may_come_in(directory):
    email = unique()
    made = directory.good("POST", "/Users", {"schemas": [USER], "userName": email}, 201)
    assert made["active"] is True and directory.role(made) == "org_user"
    again = directory.good("PUT", "/Users/" + made["id"], {"schemas": [USER], "userName": email, "title": "T"})
    assert again["active"] is True and again["title"] == "T"
    directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": False}})
    assert directory.good("PUT", "/Users/" + made["id"], {"schemas": [USER], "userName": email})["active"] is False


def test_the_audit_names_the_key(directory, database):
    made = directory.user(unique())
    directory.group("Crew", made)
    directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": False}})
    rows = database.rows(
        "SELECT action, actor_kind, module, details->>'api_key', request_id IS NOT NULL FROM audit_log WHERE org_id = %s"
        " AND resource_type IN ('org_members', 'groups', 'group_members')", directory.org)
    assert {row[0] for row in rows} >= {"org_members.insert", "org_members.delete"}
    assert {row[1:] for row in rows} == {("api_key", "scim", directory.key.split("_")[1], True)}


# What is refused.


def test_a_name_is_taken_once(directory):
    email = unique()
    made = directory.user(email, externalId="one")
    directory.bad("POST", "/Users", {"schemas": [USER], "userName": email.upper()}, 409, "uniqueness")
    directory.bad("POST", "/Users", {"schemas": [USER], "userName": unique(), "externalId": "one"}, 409, "uniqueness")
    other = directory.user(unique())
    directory.bad("PUT", "/Users/" + other["id"], {"schemas": [USER], "userName": email}, 409, "uniqueness")
    assert directory.good("GET", "/Users/" + made["id"])["userName"] == email


@pytest.mark.parametrize("body, status, kind", [
    ({"userName": "x"}, 400, "invalidSyntax"), ({"schemas": [USER]}, 400, "invalidValue"),
    ({"schemas": ["urn:scim:schemas:core:1.0"], "userName": "x"}, 400, "invalidSyntax"),
    ({"schemas": [USER], "userName": ""}, 400, "invalidValue"), ({"schemas": [USER], "userName": 7}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x" * 256}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x", "externalId": "x" * 256}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x", "active": "maybe"}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x", "name": "x"}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x", "username": "y"}, 400, "invalidSyntax"),
    ({"schemas": [USER], "userName": "x", "title": "x" * 8193}, 400, "invalidValue"),
    ({"schemas": [USER], "userName": "x", "emails": [{"value": f"{i}@x.example"} for i in range(101)]}, 413, "tooMany"),
    ({"schemas": [USER], "userName": "nul\0"}, 400, "invalidSyntax"), ([], 400, "invalidSyntax")])
def test_what_is_no_user_is_refused(directory, body, status, kind):
    directory.bad("POST", "/Users", body, status, kind)


def test_limits_let_in_what_is_just_within(directory):
    tail = uuid.uuid4().hex
    made = directory.good("POST", "/Users", {
        "schemas": [USER], "userName": tail.ljust(255, "x"), "externalId": tail.ljust(255, "x"), "title": "x" * 8192,
        "emails": [{"value": f"{i}{tail}@x.example"} for i in range(100)]}, 201)
    assert len(made["emails"]) == 100


def test_a_body_of_another_kind_is_refused(directory):
    directory.bad("POST", "/Users", {"schemas": [USER], "userName": "x"}, 415, Content_Type="text/plain")
    made = directory.good("POST", "/Users", {"schemas": [USER], "userName": unique()}, 201, Content_Type="application/json")
    assert made["userName"]


def test_nobody_comes_in_without_the_orgs_own_key(directory, service, database, okta):
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {directory.key}"},
                    {"Authorization": f"Bearer {okta.token(unique())}"}, {"Authorization": f"Bearer {directory.key}x"}):
        for path in ("/Users", "/Groups", "/ServiceProviderConfig", "/Schemas", "/Me"):
            response = service.get("/scim/v2" + path, headers=headers)
            assert response.status_code == 401 and response.json()["status"] == "401", (headers, response.text)
            assert "WWW-Authenticate" in response.headers and directory.key not in response.text


# Other orgs.


def test_another_orgs_people_are_not_there(service, database):
    ours, theirs = Directory(service, database), Directory(service, database)
    person = theirs.user(unique())
    path = "/Users/" + person["id"]
    ours.bad("GET", path, None, 404)
    ours.bad("PUT", path, {"schemas": [USER], "userName": "taken-over"}, 404)
    ours.bad("PATCH", path, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                             "Operations": [{"op": "replace", "value": {"active": False}}]}, 404)
    ours.bad("DELETE", path, None, 404)
    for query in ("", f'?filter=id eq "{person["id"]}"', f'?filter=userName eq "{person["userName"]}"', '?filter=userName pr'):
        assert ours.find("/Users", query) == []
    assert theirs.good("GET", path) == person
    # Names are an org's own.
    ours.user(unique(), externalId="same")
    theirs.user(unique(), externalId="same")


def test_somebody_of_another_org_is_joined_and_not_taken_over(service, database, person):
    them = person()
    before = database.rows("SELECT full_name, email, current_org_id FROM profiles WHERE user_id = %s", them.id)
    directory = Directory(service, database)
    made = directory.user(them.email, displayName="Somebody else")
    assert made["id"] == them.id and directory.role(made) == "org_user"
    directory.patch("/Users/" + made["id"], {"op": "replace", "path": "emails", "value": [{"value": unique()}]})
    assert database.rows("SELECT full_name, email, current_org_id FROM profiles WHERE user_id = %s", them.id) == before
    directory.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": False}})
    assert directory.role(made) is None
    assert len(them.good("GET", "/orgs")) == 1
    directory.good("DELETE", "/Users/" + made["id"], status=204)
    assert len(them.good("GET", "/orgs")) == 1


def test_an_administrator_of_the_platform_is_not_locked_out(service, database, okta):
    admin = Person(service, database, okta, global_role="platform_admin")
    org = database.one("SELECT org_id FROM org_members WHERE user_id = %s", admin.id)
    database.run("UPDATE org_members SET role = 'org_user' WHERE false")
    directory = Directory(service, database, org)
    user = directory.find("/Users", f'?filter=userName eq "{admin.email}"')[0]
    directory.patch("/Users/" + user["id"], {"op": "replace", "value": {"active": False}})
    admin.good("GET", "/admin/users?limit=1")


def test_whom_one_org_has_locked_out_another_may_invite(service, database, okta):
    email = unique("elsewhere.example")
    ours = Directory(service, database)
    made = ours.user(email)
    token = okta.token(email)
    service.provision(token)
    ours.patch("/Users/" + made["id"], {"op": "replace", "value": {"active": False}})
    assert problem(service.provision(token)) == "user_deactivated"
    other = database.org("other-" + uuid.uuid4().hex[:8])
    database.invite(other, email)
    answer = service.provision(token)
    assert answer.status_code == 200, answer.text
    assert [org["org_id"] for org in answer.json()["data"]["organizations"]] == [other]
    assert ours.good("GET", "/Users/" + made["id"])["active"] is False


def test_the_last_owner_stays(service, database, okta):
    org = database.org("owned-" + uuid.uuid4().hex[:8])
    owner = Person(service, database, okta, org=org, role="org_owner")
    directory = Directory(service, database, org)
    assert [u["userName"] for u in directory.find("/Users")] == [owner.email]
    directory.bad("DELETE", "/Users/" + owner.id, None, 409, "mutability")
    owner.good("GET", f"/orgs/{org}")


# What was read, and what is to be changed.


def test_a_change_of_something_else_than_was_seen_is_refused(directory):
    made = directory.user(unique())
    path, version = "/Users/" + made["id"], made["meta"]["version"]
    assert directory.call("GET", path).headers["ETag"] == version
    assert directory.call("GET", path, If_None_Match=version).status_code == 304
    changed = directory.patch(path, {"op": "add", "path": "title", "value": "B"}, If_Match=version)
    assert changed["meta"]["version"] != version
    assert directory.call("GET", path, If_None_Match=version).status_code == 200
    for method, body in (("PUT", {"schemas": [USER], "userName": "x"}), ("DELETE", None), ("PATCH", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "remove", "path": "title"}]})):
        directory.bad(method, path, body, 412, If_Match=version)
    directory.good("DELETE", path, status=204, If_Match=changed["meta"]["version"])


# Lists.


def test_pages_hold_everybody_once_in_a_stable_order(directory):
    made = [directory.user(unique())["id"] for _ in range(7)]
    directory.patch("/Users/" + made[2], {"op": "replace", "value": {"active": False}})
    assert [u["id"] for u in directory.find("/Users")] == made
    pages = []
    for start in (1, 4, 7, 10):
        answer = directory.good("GET", f"/Users?startIndex={start}&count=3")
        assert (answer["totalResults"], answer["startIndex"]) == (7, start)
        pages += [u["id"] for u in answer["Resources"]]
    assert pages == made
    assert directory.good("GET", "/Users?count=0")["totalResults"] == 7
    assert directory.good("GET", "/Users?count=-1&startIndex=-5")["startIndex"] == 1
    assert len(directory.find("/Users", "?count=100000")) == 7
    directory.bad("GET", "/Users?count=many", None, 400, "invalidValue")
    directory.bad("GET", "/Users?startIndex=1&startIndex=2", None, 400, "invalidValue")


def test_lists_are_sorted_as_wanted(directory):
    names = [name + uuid.uuid4().hex[:6] for name in ("b", "A", "c")]
    for name in names:
        directory.user(unique(), displayName=name)
    wanted = sorted(names, key=str.lower)
    assert [u["displayName"] for u in directory.find("/Users", "?sortBy=displayName")] == wanted
    assert [u["displayName"] for u in directory.find("/Users", "?sortBy=displayName&sortOrder=descending")] == wanted[::-1]
    directory.bad("GET", "/Users?sortBy=nothing", None, 400, "invalidFilter")
    directory.bad("GET", "/Users?sortBy=userName&sortOrder=up", None, 400, "invalidValue")


def test_only_what_is_wanted_is_shown(directory):
    made = directory.user(unique(), title="T", **{ENTERPRISE: {"department": "D", "division": "V"}})
    path = "/Users/" + made["id"]
    assert set(directory.good("GET", path + "?attributes=userName,name.givenName")) == {"schemas", "id", "userName", "name"}
    assert directory.good("GET", path + "?attributes=NAME.givenName")["name"] == {"givenName": "Given"}
    assert directory.good("GET", path + f"?attributes={ENTERPRISE}:department")[ENTERPRISE] == {"department": "D"}
    assert ENTERPRISE in directory.good("GET", path + f"?attributes={ENTERPRISE}")
    left = directory.good("GET", path + "?excludedAttributes=emails,name.familyName,id,meta")
    assert "emails" not in left and "meta" not in left and left["id"] == made["id"] and left["name"] == {"givenName": "Given"}
    assert set(directory.find("/Users", "?attributes=title")[0]) == {"schemas", "id", "title"}
    directory.bad("GET", path + "?attributes=a&excludedAttributes=b", None, 400, "invalidValue")
    directory.bad("GET", path + "?attributes=a[", None, 400, "invalidPath")


def test_members_who_came_otherwise_are_seen_and_kept(service, database, okta):
    org = database.org("mixed-" + uuid.uuid4().hex[:8])
    Person(service, database, okta, org=org, role="org_owner")
    them = Person(service, database, okta, org=org)
    directory = Directory(service, database, org)
    found = directory.find("/Users", f'?filter=userName eq "{them.email.upper()}"')
    assert [u["id"] for u in found] == [them.id] and found[0]["active"] is True
    directory.bad("POST", "/Users", {"schemas": [USER], "userName": them.email, "emails": [{"value": them.email}]}, 409, "uniqueness")
    directory.good("PUT", "/Users/" + them.id, {"schemas": [USER], "userName": them.email, "externalId": "x", "active": False,
                                               "emails": [{"value": them.email, "primary": True}]})
    them.bad("GET", "/orgs", None, 403, "user_deactivated")

"""SCIM as its clients speak it: the scim2-tester suite, and what Okta and Entra ID are recorded to send."""

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from harness.people import unique
from harness.scim import ENTERPRISE, GROUP, PATCH, USER, Directory


@pytest.fixture
def directory(service, database):
    return Directory(service, database)


def test_scim2_tester_finds_no_error(directory, service):
    with httpx2.Client(base_url=service.origin + "/scim/v2", headers={"Authorization": f"Bearer {directory.key}"}, timeout=30) as http:
        results = check_server(SyncSCIMClient(http))
    assert len(results) > 80
    assert [f"{r.title}: {r.reason}" for r in results if r.status not in (Status.SUCCESS, Status.SKIPPED)] == []
    skipped = [r.reason for r in results if r.status == Status.SKIPPED]
    assert all("/.search" in reason for reason in skipped), skipped


def test_what_the_service_can_do_is_said(directory):
    said = directory.good("GET", "/ServiceProviderConfig")
    assert {name: said[name]["supported"] for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")} == {
        "patch": True, "bulk": False, "filter": True, "changePassword": False, "sort": True, "etag": True}
    assert [t["id"] for t in directory.find("/ResourceTypes")] == ["User", "Group"]
    assert {s["id"] for s in directory.find("/Schemas")} == {USER, GROUP, ENTERPRISE}
    assert directory.good("GET", "/Schemas/" + USER)["name"] == "User"
    directory.bad("GET", "/Schemas/urn:nothing", None, 404)
    directory.bad("GET", "/Schemas?filter=id pr", None, 403)
    directory.bad("POST", "/Bulk", {}, 501)
    directory.bad("GET", "/Me", None, 501)
    for path in ("/nothing", "/Users/x/y", ""):
        directory.bad("GET", path + "/", None, 404)
    for method, path in (("DELETE", "/Users"), ("PATCH", "/Groups"), ("POST", "/Users/x"), ("PUT", "/Schemas")):
        response = directory.call(method, path, {})
        assert response.status_code == 405 and response.json()["status"] == "405" and response.headers["Allow"]


OKTA = {"User_Agent": "Okta SCIM Client 1.0.0", "Accept": "application/scim+json", "Content_Type": "application/scim+json; charset=utf-8"}


def test_okta_from_the_connection_test_to_the_end(directory):
    """The calls of Okta's own specification test and of its provisioning, in their order."""
    call = lambda method, path, body=None, status=200: directory.good(method, path, body, status, **OKTA)  # noqa: E731
    assert call("GET", "/Users?startIndex=1&count=2")["totalResults"] == 0
    assert call("GET", "/Groups?startIndex=1&count=100")["Resources"] == []
    email = unique()
    none = call("GET", f'/Users?filter=userName%20eq%20%22{email}%22&startIndex=1&count=100')
    assert none["totalResults"] == 0 and none["Resources"] == [] and none["startIndex"] == 1 and none["itemsPerPage"] == 0
    body = {"schemas": [USER], "userName": email, "name": {"givenName": "Isaac", "familyName": "Brock"},
            "emails": [{"primary": True, "value": email, "type": "work"}], "displayName": "Isaac Brock", "locale": "en-US",
            "externalId": "00u1b1hpjh91GaknX0g4", "groups": [], "password": "q1w2e3r4!", "active": True}
    made = call("POST", "/Users", body, 201)
    assert made["id"] and "password" not in made
    directory.bad("POST", "/Users", body, 409, "uniqueness", **OKTA)
    path = "/Users/" + made["id"]
    whole = call("GET", path)
    whole["name"]["familyName"] = "Clark"
    assert call("PUT", path, whole)["name"]["familyName"] == "Clark"
    # Catalogue applications deactivate by PATCH, wizard-built ones by PUT.
    off = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": False}}]}
    assert call("PATCH", path, off)["active"] is False
    assert call("PUT", path, whole | {"active": True})["active"] is True
    assert call("PUT", path, whole | {"active": False})["active"] is False
    assert call("PUT", path, whole | {"active": True})["active"] is True
    assert call("GET", '/Groups?filter=displayName%20eq%20%22Okta%20People%22')["totalResults"] == 0
    group = call("POST", "/Groups", {"schemas": [GROUP], "displayName": "Okta People", "members": []}, 201)
    where = "/Groups/" + group["id"]
    both = {"schemas": [PATCH], "Operations": [
        {"op": "replace", "value": {"id": group["id"], "displayName": "Okta Folk"}},
        {"op": "add", "path": "members", "value": [{"value": made["id"], "display": email}]}]}
    answer = call("PATCH", where, both)
    assert answer["displayName"] == "Okta Folk" and [m["value"] for m in answer["members"]] == [made["id"]]
    gone = {"schemas": [PATCH], "Operations": [{"op": "remove", "path": f'members[value eq "{made["id"]}"]'}]}
    assert "members" not in call("PATCH", where, gone)
    full = {"schemas": [PATCH], "Operations": [{"op": "replace", "value": {
        "id": group["id"], "displayName": "Okta Folk", "members": [{"value": made["id"], "display": email}]}}]}
    assert len(call("PATCH", where, full)["members"]) == 1
    call("DELETE", where, None, 204)


def test_entra_id_from_the_connection_test_to_the_end(directory):
    """The calls of Entra ID's provisioning service and of its SCIM validator, in their order."""
    nobody = "1f6bb9b5-9c5c-4c23-8d3a-9f9a3c0cb1c1"
    assert directory.find("/Users", f'?filter=userName eq "{nobody}"') == []
    directory.bad("GET", "/Users/" + nobody, None, 404)
    email = unique()
    made = directory.good("POST", "/Users", {
        "schemas": [USER, ENTERPRISE], "externalId": "j.doe", "userName": email, "active": True, "addresses": [
            {"primary": False, "type": "work", "country": "US", "formatted": "x", "locality": "y", "postalCode": "1", "region": "z", "streetAddress": "s"}],
        "displayName": "J Doe", "emails": [{"primary": True, "type": "work", "value": email}],
        "meta": {"resourceType": "User"}, "name": {"formatted": "J Doe", "givenName": "J", "familyName": "Doe"},
        "phoneNumbers": [{"primary": None, "type": "work", "value": "1"}], "roles": [],
        ENTERPRISE: {"employeeNumber": "7", "manager": "boss"}}, 201)
    assert made[ENTERPRISE] == {"employeeNumber": "7", "manager": {"value": "boss"}}
    path = "/Users/" + made["id"]
    changed = directory.patch(
        path, {"op": "Add", "path": "nickName", "value": "Babs"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new-" + email},
        {"op": "Replace", "path": "name.familyName", "value": "Smith"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "D"},
        {"op": "Replace", "value": {"displayName": "J S", "name.formatted": "J Smith", f"{ENTERPRISE}:division": "V"}},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "2"},
        {"op": "Remove", "path": "title"})
    assert changed["nickName"] == "Babs" and changed["name"] == {"formatted": "J Smith", "givenName": "J", "familyName": "Smith"}
    assert changed["emails"][0]["value"] == "new-" + email and changed[ENTERPRISE]["department"] == "D"
    assert changed[ENTERPRISE]["division"] == "V" and len(changed["phoneNumbers"]) == 2
    assert directory.patch(path, {"op": "Replace", "path": "active", "value": "False"})["active"] is False
    assert directory.find("/Users", f'?filter=externalId eq "j.doe"')[0]["id"] == made["id"]
    group = directory.good("POST", "/Groups", {
        "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        "externalId": "8aa1a0c0", "displayName": "Entra", "meta": {"resourceType": "Group"}}, 201)
    where = "/Groups/" + group["id"]
    assert "members" not in directory.good("GET", where + "?excludedAttributes=members")
    directory.patch(where, {"op": "Add", "path": "members", "value": [{"$ref": None, "value": made["id"]}]})
    query = f'?excludedAttributes=members&filter=id eq "{group["id"]}" and members eq "{made["id"]}"'
    assert [g["id"] for g in directory.find("/Groups", query)] == [group["id"]]
    directory.patch(where, {"op": "Replace", "path": "displayName", "value": "Entra 2"})
    directory.patch(where, {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": made["id"]}]})
    assert directory.find("/Groups", query) == []
    directory.good("DELETE", where, status=204)
    directory.good("DELETE", path, status=204)

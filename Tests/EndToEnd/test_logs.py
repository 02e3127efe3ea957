"""CONTRACT sections 6 and 7: the audit of an org, the platform's audit and the events around signing in."""

import json
import time
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from harness.people import unique


@pytest.fixture
def admin(person):
    return person(global_role="global_admin")


def test_an_org_s_audit_is_for_its_admins(owner, org, person):
    path = f"/orgs/{org}/audit"
    made = owner.call("PUT", f"/orgs/{org}", {"name": "Renamed"})
    entries = owner.good("GET", path)
    newest = entries[0]
    assert (newest["action"], newest["resource_type"], newest["resource_id"]) == ("org.update", "org", org)
    assert newest["actor_id"] == owner.id and newest["actor_kind"] == "user" and newest["org_id"] == org
    assert newest["request_id"] == made.headers["X-Request-Id"] and newest["client_address"] == "127.0.0.1"
    assert newest["before"]["name"] != "Renamed" and newest["after"]["name"] == "Renamed"
    assert {entry["action"] for entry in entries} == {"org.insert", "org_members.insert", "org.update"}
    assert owner.good("GET", f"/organizations/{org}/audit") == entries
    person(org).bad("GET", path, None, 403, "forbidden")
    person().bad("GET", path, None, 404, "not_found")
    assert person(org, "org_admin").good("GET", f"{path}?action=org.update") == [newest]
    assert person(global_role="global_admin").good("GET", f"{path}?action=org.update") == [newest]


def test_the_audit_is_filtered(owner, org, admin, person):
    other = person()
    other.good("PUT", "/profiles/me", {"phone": "1"})
    middle = datetime.now(timezone.utc)
    time.sleep(0.01)
    owner.good("PUT", f"/orgs/{org}", {"name": "Later"})
    moment = quote(middle.isoformat())
    path = "/admin/audit"
    for query, count in (
            (f"org_id={org}&from={moment}", 1), (f"org_id={org}&to={moment}", 2), (f"actor_id={other.id}&limit=1", 1),
            (f"actor_id={owner.id}&action=org.update", 1), (f"resource_type=org&resource_id={org}", 2),
            (f"org_id={org}&resource_type=org_members", 1), (f"org_id={org}&action=org.delete", 0),
            (f"org_id={uuid.uuid4()}", 0)):
        entries = admin.good("GET", f"{path}?{query}")
        assert len(entries) == count, query
    request = admin.good("GET", f"{path}?org_id={org}&limit=1")[0]["request_id"]
    assert {entry["request_id"] for entry in admin.good("GET", f"{path}?request_id={request}")} == {request}
    entries = admin.good("GET", f"{path}?limit=1000")
    assert entries == sorted(entries, key=lambda entry: (entry["created_at"], entry["id"]), reverse=True)
    for query, wrong in (("from=yesterday", "from"), ("from=0000-01-01T00:00:00Z", "from"),
                         ("to=9999-12-31T23:59:60Z", "to"), ("from=0001-01-01T00:00:00%2B01:00", "from"), ("actor_id=me", "actor_id"), ("format=xml", "format"),
                         ("limit=1001", "limit"), ("format=ndjson&limit=10001", "limit")):
        answer = admin.bad("GET", f"{path}?{query}", None, 400, "validation_failed")
        assert {detail["field"] for detail in answer["details"]} == {wrong}, query


def test_an_export_has_an_object_a_line_and_says_where_it_goes_on(owner, org, admin):
    for number in range(4):
        owner.good("PUT", f"/orgs/{org}", {"name": f"Name {number}"})
    listed = admin.good("GET", f"/admin/audit?org_id={org}")
    for answer in (
            admin.call("GET", f"/admin/audit?org_id={org}&format=ndjson"),
            admin.call("GET", f"/admin/audit?org_id={org}", Accept="application/x-ndjson"),
            owner.call("GET", f"/orgs/{org}/audit?format=ndjson")):
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/x-ndjson"
        assert [json.loads(line) for line in answer.text.splitlines()] == listed and "Link" not in answer.headers
    lines, where = [], f"/admin/audit?org_id={org}&limit=4&format=ndjson&offset=0"
    while where:
        answer = admin.call("GET", where)
        lines += [json.loads(line) for line in answer.text.splitlines()]
        where = answer.links.get("next", {}).get("url")
    assert lines == listed and len(lines) == 6


def test_the_events_around_signing_in(service, okta, admin, person):
    refused, someone = unique(), person()
    assert service.provision(okta.token(refused)).status_code == 403
    path = "/admin/auth-events"
    event = admin.good("GET", f"{path}?email={refused}")[0]
    assert event["event"] == "login" and event["reason"] == "invitation_required" and event["user_id"] is None
    assert event["provider"] == "okta" and event["issuer"] == okta.url and event["client_address"] == "127.0.0.1"
    welcome = admin.good("GET", f"{path}?user_id={someone.id}")[-1]
    assert welcome["email"] == someone.email and welcome["outcome"] != event["outcome"]
    tomorrow = quote((datetime.now(timezone.utc) + timedelta(days=1)).isoformat())
    assert admin.good("GET", f"{path}?from={tomorrow}") == []
    assert admin.good("GET", f"{path}?email={refused}&outcome={event['outcome']}&event=login&to={tomorrow}") == [event]
    assert admin.good("GET", f"{path}?email={refused}&outcome={welcome['outcome']}") == []
    answer = admin.call("GET", f"{path}?email={refused}&format=ndjson")
    assert [json.loads(line) for line in answer.text.splitlines()] == [event]

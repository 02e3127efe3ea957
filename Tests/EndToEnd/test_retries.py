"""Requests that are sent again: Idempotency-Key, and the entity tags of optimistic concurrency."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.people import unique
from harness.service import problem


def key() -> str:
    return uuid.uuid4().hex


# Idempotency-Key.


def test_a_request_with_a_key_has_its_entity_tag(owner):
    mark = key()
    first, again = (owner.call("POST", "/orgs", {"name": "Tagged"}, Idempotency_Key=mark) for _ in range(2))
    path = f"/orgs/{first.json()['data']['id']}"
    assert first.headers["ETag"] == again.headers["ETag"] == owner.call("GET", path).headers["ETag"]


def test_a_request_with_a_key_is_done_once(owner, org, database):
    people = [unique() for _ in range(3)]
    for path, body in (
            ("/orgs", {"name": "Once"}), (f"/orgs/{org}/invites", {"email": people[0]}),
            (f"/orgs/{org}/members", {"email": people[1]}), (f"/orgs/{org}/domains", {"domain": f"{key()}.example"})):
        mark = key()
        first = owner.call("POST", path, body, Idempotency_Key=mark)
        assert first.status_code == 201 and "Idempotency-Replayed" not in first.headers, first.text
        again = owner.call("POST", path.replace("/orgs", "/organizations"), body, Idempotency_Key=mark)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["Content-Type"] == "application/json"
        other = owner.call("POST", path, {"name": "Other"}, Idempotency_Key=mark)
        # Told before anything of the body is believed, or its fields refused: never a second row.
        assert problem(other) in ("conflict", "validation_failed"), other.text
        assert owner.call("POST", path, body).status_code in (201, 409)
    assert database.one("SELECT count(*) FROM org WHERE name = 'Once' AND created_by = %s", owner.id) == 2


def test_a_key_of_another_request_is_a_conflict(owner):
    mark = key()
    assert owner.call("POST", "/orgs", {"name": "One"}, Idempotency_Key=mark).status_code == 201
    answer = owner.call("POST", "/orgs", {"name": "Two"}, Idempotency_Key=mark)
    assert answer.status_code == 409 and problem(answer) == "conflict" and "Idempotency-Key" in answer.json()["error"]


def test_resending_counts_once(owner, org, database):
    invite = owner.good("POST", f"/orgs/{org}/invites", {"email": unique()}, 201)
    mark, path = key(), f"/orgs/{org}/invites/{invite['id']}/resend"
    answers = [owner.call("POST", path, Idempotency_Key=mark) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    assert database.one("SELECT sent_count FROM org_invites WHERE id = %s", invite["id"]) == 2


def test_a_key_is_the_caller_s_own(owner, person, database):
    mark, other = key(), person()
    ids = {who.call("POST", "/orgs", {"name": "Same"}, Idempotency_Key=mark).json()["data"]["id"] for who in (owner, other)}
    assert len(ids) == 2
    assert database.one("SELECT count(*) FROM idempotency_keys WHERE key = %s", mark) == 2


def test_one_key_at_the_same_time_is_done_once(owner, database):
    mark, name = key(), "Storm " + key()
    owner.good("GET", "/orgs")
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(
            lambda _: owner.call("POST", "/orgs", {"name": name}, Idempotency_Key=mark), range(24)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1
    assert database.one("SELECT count(*) FROM org WHERE name = %s", name) == 1


def test_a_refused_request_keeps_no_key(owner, org):
    mark = key()
    taken = owner.good("GET", f"/orgs/{org}")["slug"]
    assert owner.call("POST", "/orgs", {"name": "X", "slug": taken}, Idempotency_Key=mark).status_code == 409
    assert owner.call("POST", "/orgs", {"name": "X", "slug": "x-" + key()[:8]}, Idempotency_Key=mark).status_code == 201


def test_no_right_and_no_sight_are_told_with_a_key_too(owner, org, person):
    path, body = f"/orgs/{org}/invites", {"email": unique()}
    assert person(org).call("POST", path, body, Idempotency_Key=key()).status_code == 403
    assert person().call("POST", path, body, Idempotency_Key=key()).status_code == 404


def test_a_key_is_forgotten_after_a_day(owner, database):
    mark = key()
    first = owner.call("POST", "/orgs", {"name": "Day"}, Idempotency_Key=mark).json()["data"]["id"]
    database.run("ALTER TABLE idempotency_keys DISABLE TRIGGER touch_updated_at")
    database.run("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = %s", mark)
    database.run("ALTER TABLE idempotency_keys ENABLE TRIGGER touch_updated_at")
    assert owner.call("POST", "/orgs", {"name": "Day"}, Idempotency_Key=mark).json()["data"]["id"] != first
    database.run("ALTER TABLE idempotency_keys DISABLE TRIGGER touch_updated_at")
    database.run("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = %s", mark)
    database.run("ALTER TABLE idempotency_keys ENABLE TRIGGER touch_updated_at")
    assert database.one("SELECT prune_idempotency_keys()") == 1
    assert database.one("SELECT count(*) FROM idempotency_keys WHERE key = %s", mark) == 0


@pytest.mark.parametrize("wrong", ["", "x" * 256, "tab\there"])
def test_a_key_that_is_none_is_refused(owner, wrong):
    answer = owner.call("POST", "/orgs", {"name": "X"}, Idempotency_Key=wrong)
    assert answer.status_code == 400 and problem(answer) == "bad_request"


def test_the_database_keeps_a_digest_of_the_request(owner, database):
    mark = key()
    owner.call("POST", "/orgs", {"name": "Digest"}, Idempotency_Key=mark)
    [(digest, status)] = database.rows("SELECT request_digest, status FROM idempotency_keys WHERE key = %s", mark)
    assert bytes(digest) == hashlib.sha256(b'POST /orgs\n{"name":"Digest"}').digest() and status == 201


# Entity tags.


def test_a_put_with_an_old_tag_changes_nothing(owner, org, person, database):
    admin, member = person(global_role="platform_owner"), person(org)
    domain = owner.good("POST", f"/orgs/{org}/domains", {"domain": f"{key()}.example"}, 201)
    listed = owner.good("GET", f"/orgs/{org}/members")
    member_tag = next(entry for entry in listed if entry["user_id"] == member.id)["updated_at"]
    user_tag = admin.good("GET", f"/admin/users?email={member.email}")[0]["updated_at"]
    for who, path, body, other, tag in (
            (owner, f"/orgs/{org}", {"name": "A"}, {"name": "B"}, owner.call("GET", f"/orgs/{org}").headers["ETag"]),
            (owner, f"/orgs/{org}/members/{member.id}", {"role": "org_admin"}, {"role": "org_user"}, f'"{member_tag}"'),
            (owner, f"/orgs/{org}/domains/{domain['id']}", {"auto_provision": False}, {"auto_provision": True},
             f'"{domain["updated_at"]}"'),
            (owner, "/profiles/me", {"phone": "1"}, {"phone": "2"}, owner.call("GET", "/profiles/me").headers["ETag"]),
            (admin, f"/admin/users/{member.id}", {"is_active": False}, {"is_active": True}, f'"{user_tag}"'),
            (member, "/profiles/me/current-org", {"org_id": org}, {"org_id": org},
             member.call("GET", "/profiles/me").headers["ETag"])):
        done = who.call("PUT", path, body, If_Match=tag)
        assert done.status_code == 200, (path, done.text)
        assert done.headers["ETag"] != tag
        late = who.call("PUT", path, other, If_Match=tag)
        assert late.status_code == 412 and problem(late) == "conflict", (path, late.text)
        for strange in ('"nonsense"', 'W/' + done.headers["ETag"], "*x", '""'):
            assert who.call("PUT", path, other, If_Match=strange).status_code == 412, (path, strange)
        assert who.call("PUT", path, other, If_Match='"a", "b"').status_code == 400
        assert who.call("PUT", path, other, If_Match=done.headers["ETag"]).status_code == 200, path
        assert who.call("PUT", path, other, If_Match="*").status_code == 200, path
    # A tag opens nothing to whoever may not change, or not see.
    tag = owner.call("GET", f"/orgs/{org}").headers["ETag"]
    assert member.call("PUT", f"/orgs/{org}", {"name": "C"}, If_Match=tag).status_code == 403
    assert person().call("PUT", f"/orgs/{org}", {"name": "C"}, If_Match=tag).status_code == 404


def test_of_many_puts_with_one_tag_one_wins(owner, org):
    tag = owner.call("GET", f"/orgs/{org}").headers["ETag"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda number: owner.call("PUT", f"/orgs/{org}", {"name": f"N{number}"}, If_Match=tag).status_code, range(8)))
    assert sorted(answers) == [200] + [412] * 7


def test_what_is_known_is_not_sent_again(owner, org):
    for path in (f"/orgs/{org}", "/profiles/me", f"/identities/{owner.id}"):
        tag = owner.call("GET", path).headers["ETag"]
        for known in (tag, f'"x", W/{tag}', "*"):
            answer = owner.call("GET", path, If_None_Match=known)
            assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag), path
        assert owner.call("HEAD", path, If_None_Match=tag).status_code == 304
        assert owner.call("GET", path, If_None_Match='"other"').status_code == 200
    # The orgs belong to what the profile shows.
    tag = owner.call("GET", "/profiles/me").headers["ETag"]
    owner.good("PUT", f"/orgs/{org}", {"name": "Another name"})
    assert owner.call("GET", "/profiles/me", If_None_Match=tag).status_code == 200


def test_a_provider_s_configuration_has_a_state_too(person):
    admin, path = person(global_role="platform_owner"), "/admin/idp-config/clerk"
    first = admin.call("GET", path)
    tag = first.headers["ETag"]
    assert tag == f'"{first.json()["data"]["updated_at"]}"'
    assert admin.call("GET", path, If_None_Match=tag).status_code == 304
    body = {"authorized_parties": ["https://one.example", "http://localhost:3000"]}
    changed = admin.call("PUT", path, body, If_Match=tag)
    assert changed.status_code == 200 and changed.headers["ETag"] != tag, changed.text
    stale = admin.call("PUT", path, {"authorized_parties": ["https://two.example"]}, If_Match=tag)
    assert (stale.status_code, problem(stale)) == (412, "conflict")
    assert admin.good("GET", path)["authorized_parties"] == body["authorized_parties"]
    assert admin.call("PUT", path, body, If_Match=changed.headers["ETag"]).status_code == 200

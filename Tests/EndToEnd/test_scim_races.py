"""Several requests of one directory at the same instant, and many people in one group."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.people import unique
from harness.scim import GROUP, PATCH, USER, Directory


@pytest.fixture
def directory(service, database):
    return Directory(service, database)


def at_once(calls) -> list:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_a_person_is_made_once_however_often_they_are_sent(directory, database):
    email = unique()
    body = {"schemas": [USER], "userName": email, "emails": [{"value": email}]}
    answers = at_once([lambda: directory.call("POST", "/Users", body).status_code] * 12)
    assert sorted(answers) == [201] + [409] * 11
    assert database.one("SELECT count(*) FROM auth.users WHERE email = %s", email) == 1


def test_a_first_login_and_a_directory_make_one_person(directory, service, database, okta):
    for _ in range(5):
        email = unique()
        database.invite(database.org("race-" + email[5:13]), email)
        token = okta.token(email)
        body = {"schemas": [USER], "userName": email, "emails": [{"value": email}]}
        login, made = at_once([lambda: service.provision(token), lambda: directory.call("POST", "/Users", body)])
        assert (login.status_code in (200, 201), made.status_code) == (True, 201), (login.text, made.text)
        assert login.json()["data"]["user"]["id"] == made.json()["id"]
        assert database.one("SELECT count(*) FROM org_members WHERE user_id = %s", made.json()["id"]) == 2


def test_no_change_of_a_group_is_lost(directory):
    people = [directory.user(unique())["id"] for _ in range(10)]
    group = directory.group("Crowd")

    def add(person):
        return lambda: directory.call("PATCH", "/Groups/" + group["id"], {"schemas": [PATCH], "Operations": [
            {"op": "add", "path": "members", "value": [{"value": person}]}]}).status_code
    assert at_once([add(person) for person in people]) == [200] * 10
    assert {m["value"] for m in directory.good("GET", "/Groups/" + group["id"])["members"]} == set(people)


def test_groups_go_while_their_people_do(directory):
    """Each deletes what the other one is at: a group its members, a person their places in groups."""
    for leave in ({"op": "replace", "path": "active", "value": False}, None):
        people = [directory.user(unique()) for _ in range(4)]
        groups = [directory.group(f"Crew {unique()}", *people) for _ in range(8)]

        def go(person):
            path = "/Users/" + person["id"]
            if leave is None:
                return directory.call("DELETE", path)
            return directory.call("PATCH", path, {"schemas": [PATCH], "Operations": [leave]})
        answers = at_once([*(lambda one=one: directory.call("DELETE", "/Groups/" + one["id"]) for one in groups),
                           *(lambda one=one: go(one) for one in people)])
        assert {answer.status_code for answer in answers} <= {200, 204}, [answer.text for answer in answers]
        assert directory.find("/Groups") == []


def test_a_group_of_five_thousand_is_read_and_changed(directory, database):
    database.run("""
        WITH people AS (INSERT INTO auth.users (id, email) SELECT gen_random_uuid(), 'many' || i || '-' || %s FROM generate_series(1, 5000) i RETURNING id, email),
        profiles AS (INSERT INTO profiles (user_id, email) SELECT id, email FROM people)
        INSERT INTO org_members (org_id, user_id) SELECT %s, id FROM people""", unique(), directory.org)
    ids = [row[0] for row in database.rows("SELECT user_id FROM org_members WHERE org_id = %s", directory.org)]
    members = [{"value": str(id)} for id in ids]
    group = directory.good("POST", "/Groups", {"schemas": [GROUP], "displayName": "All", "members": members}, 201)
    assert len(group["members"]) == 5000
    path = "/Groups/" + group["id"]
    times = {}
    for what, call in {
            "list": lambda: directory.find("/Groups"),
            "slim": lambda: directory.find("/Groups", "?excludedAttributes=members"),
            "patch": lambda: directory.patch(path, {"op": "remove", "path": f'members[value eq "{ids[7]}"]'}),
            "page": lambda: directory.find("/Users", "?startIndex=4900&count=100")}.items():
        began = time.monotonic()
        call()
        times[what] = time.monotonic() - began
    print(times)
    assert len(directory.good("GET", path)["members"]) == 4999
    assert len(directory.good("PUT", path, {"schemas": [GROUP], "displayName": "All", "members": members[:10]})["members"]) == 10

"""RFC 7644 section 3.4.2.2: every filter of the corpus against real people, and what is asked by POST."""

import json
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest

from harness.scim import ENTERPRISE, USER, Directory

CORPUS = json.loads((Path(__file__).parent.parent / "Vectors" / "scim" / "filters.json").read_text())


@pytest.fixture(scope="module")
def directory(service, database):
    directory = Directory(service, database)
    # The addresses of a login are the directory's first e-mails, so that these may be anything.
    people = {
        "ada": {"userName": "ada@example.com", "externalId": "00uA", "active": True, "title": 'Dr. "A" (x) [y] $ ^ \\',
                "emails": [{"value": "ada@work.example", "type": "work", "primary": True}, {"value": "ada@home.example", "type": "home"}]},
        "bob": {"userName": "bob@example.com", "externalId": "00uB", "active": False,
                "emails": [{"value": "bob@work.example", "type": "work"}],
                ENTERPRISE: {"department": "Tools", "manager": {"value": "42"}}},
        "eve": {"userName": "eve@elsewhere.test", "active": True, "nickName": "Zoë", "name": {"familyName": "O'Malley"}},
    }
    made = {name: directory.good("POST", "/Users", {"schemas": [USER]} | body, 201) for name, body in people.items()}
    directory.group("Engineers", made["ada"])
    directory.names = {body["id"]: name for name, body in made.items()}
    return directory


@pytest.mark.parametrize("case", CORPUS["accept"], ids=lambda case: case["filter"])
def test_a_filter_means(directory, case):
    found = directory.find("/Users", "?filter=" + quote(case["filter"]))
    assert sorted(directory.names[user["id"]] for user in found) == sorted(case["means"])


@pytest.mark.parametrize("text", CORPUS["refuse"])
def test_what_is_no_filter_is_refused(directory, text):
    # An empty parameter is one that is there.
    detail = directory.bad("GET", "/Users?filter=" + quote(text, safe=""), None, 400,
                           "invalidValue" if "\0" in text else "invalidFilter")
    assert detail


def test_a_search_may_be_posted(directory):
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'userName sw "a"',
            "attributes": ["userName"], "startIndex": 1, "count": 10}
    answer = directory.good("POST", "/Users/.search", body)
    assert [user["userName"] for user in answer["Resources"]] == ["ada@example.com"] and "emails" not in answer["Resources"][0]
    assert directory.good("POST", "/Groups/.search", {"count": 0})["totalResults"] == 1
    directory.bad("POST", "/Users/.search", {"filter": 7}, 400, "invalidValue")
    directory.bad("POST", "/.search", body, 501)


def test_the_longest_filter_is_the_longest(directory):
    def of(length):
        return 'userName eq "' + "a" * (length - 14) + '"'
    assert directory.find("/Users", "?filter=" + quote(of(4096))) == []
    directory.bad("GET", "/Users?filter=" + quote(of(4097)), None, 400, "invalidFilter")

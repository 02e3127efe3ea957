"""CONTRACT sections 6 and 10: bodies, limits, errors, and the headers of every answer."""

import json
import uuid

import pytest

from harness.service import problem


def test_every_answer_has_its_headers(service, okta):
    for response in (service.get("/healthz"), service.get("/nowhere"), service.authorize(None),
                     service.authorize(okta.token("nobody@example.com")), service.provision("x")):
        assert response.headers["X-Request-Id"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Content-Length" in response.headers
        assert "Server" not in response.headers


@pytest.mark.parametrize("given, kept", [
    ("abc-123_X.y", True), ("a", True), ("a" * 128, True), ("a" * 129, False), ("", False), ("a b", False),
    ("<script>", False), ("a;b", False), ("ä", False)])
def test_request_ids(service, given, kept):
    response = service.get("/nowhere", headers=[("X-Request-Id".encode(), given.encode("utf-8"))])
    assert (response.headers["X-Request-Id"] == given) is kept
    assert problem(response) == "not_found"


def test_two_request_ids_are_none(service):
    response = service.get("/healthz", headers=[("X-Request-Id", "one"), ("X-Request-Id", "two")])
    assert response.headers["X-Request-Id"] not in ("one", "two")


def test_not_found_and_not_allowed(service):
    assert problem(service.get("/nowhere")) == "not_found"
    response = service.request("DELETE", "/identities/provision")
    assert response.status_code == 405 and problem(response) == "method_not_allowed"
    assert "POST" in response.headers["Allow"]
    assert service.request("HEAD", "/healthz").status_code == 200
    options = service.request("OPTIONS", "/identities/provision")
    assert options.status_code in (200, 204) and "POST" in options.headers["Allow"]


BAD_BODIES = {
    "no JSON": (b"{", "bad_request"),
    "trailing": (b"{} x", "bad_request"),
    "an array": (b"[]", "bad_request"),
    "a text": (b'"x"', "bad_request"),
    "not UTF-8": (b'{"full_name": "\xff"}', "bad_request"),
    "twice": (b'{"full_name": "a", "full_name": "b"}', "bad_request"),
    "too deep": (b'{"full_name": ' + b"[" * 200 + b"]" * 200 + b"}", "bad_request"),
    "wrong type": (b'{"full_name": 7}', "validation_failed"),
    "unknown field": (b'{"fullname": "Ada"}', "validation_failed"),
    "too long": (json.dumps({"full_name": "x" * 201}).encode(), "validation_failed"),
    "NUL": (b'{"full_name": "a\\u0000b"}', "validation_failed"),
}


@pytest.mark.parametrize("body, code", BAD_BODIES.values(), ids=BAD_BODIES)
def test_bad_bodies_name_what_is_wrong(service, database, okta, body, code):
    email = f"body-{uuid.uuid4().hex[:8]}@example.com"
    database.invite(database.org("body-" + uuid.uuid4().hex[:8]), email)
    response = service.request("POST", "/identities/provision", okta.token(email), content=body,
                               headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text
    found = problem(response)
    assert found == code or (code == "bad_request" and found == "validation_failed"), response.text
    if code == "validation_failed":
        assert response.json()["details"][0]["field"] in ("full_name", "fullname")
    assert database.one("SELECT count(*) FROM auth.users WHERE email = %s", email) == 0


def test_another_media_type_is_refused(service, okta):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        response = service.request("POST", "/identities/provision", okta.token("ada@example.com"), content=b"{}",
                                   headers={"Content-Type": kind})
        assert response.status_code == 415 and problem(response) == "unsupported_media_type"


def test_the_limit_of_a_body(service, okta):
    token = okta.token("nobody@example.com")
    within = b'{"full_name": ' + b" " * (1024 * 1024 - 19) + b'"x"}'
    assert len(within) <= 1024 * 1024
    fields = {"Content-Type": "application/json"}
    response = service.request("POST", "/identities/provision", token, content=within, headers=fields)
    assert response.status_code == 403, response.text
    over = service.request("POST", "/identities/provision", token, content=within + b" " * 100, headers=fields)
    assert over.status_code == 413 and problem(over) == "payload_too_large"


def test_the_limit_of_the_head(service):
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Pad: "
    assert service.raw(head + b"a" * 31_000 + b"\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert service.raw(head + b"a" * 33_000 + b"\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 431")
    assert service.raw(b"GET /" + b"a" * 33_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 414")


SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: smuggled\r\n\r\n"
AMBIGUOUS = {
    "two lengths": b"POST /identities HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "length and chunked": b"POST /identities HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "space before colon": b"POST /identities HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n",
    "signed length": b"POST /identities HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n",
    "folded": b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "NUL": b"GET /healthz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\x00b\r\n\r\n",
    "bare CR": b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "chunked twice": b"POST /identities HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_is_ambiguous_is_400_and_ends_the_connection(service, request_bytes):
    answer = service.raw(request_bytes + SMUGGLED)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), answer[:200]
    assert b"smuggled" not in answer


def test_pipelined_requests_are_answered_in_order(service):
    requests = b"".join(
        f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: n{number}\r\n{'Connection: close' if number == 9 else 'A: b'}"
        "\r\n\r\n".encode() for number in range(10))
    answer = service.raw(requests)
    places = [answer.index(f"n{number}\r\n".encode()) for number in range(10)]
    assert places == sorted(places) and answer.count(b"HTTP/1.1 200") == 10


def test_chunked_bodies_are_read(service, okta):
    token = okta.token("nobody@example.com")
    body = b"{\"full_name\": \"Ada\"}"
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:5], body[5:])) + b"0\r\n\r\n"
    answer = service.raw(
        f"POST /identities/provision HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks)
    assert answer.startswith(b"HTTP/1.1 403"), answer[:300]

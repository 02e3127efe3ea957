"""CONTRACT section 4 at the service itself: the dialects, the headers, who may ask."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

import pytest

from harness.issuers import OKTA
from harness.programs import eventually
from harness.service import IDENTITY_HEADERS, problem

DIALECTS = ("nginx", "traefik", "caddy", "haproxy")


@pytest.fixture(scope="module")
def member(service, database, okta):
    """A member of one org: token, user and org."""
    org, email = database.org("acme"), "member@example.com"
    database.invite(org, email, "org_admin")
    data = service.provision(okta.token(email)).json()["data"]
    return {"email": email, "org": org, "user": data["user"]["id"]}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_allow_is_200_with_an_empty_body_and_every_header(service, okta, member, dialect):
    response = service.authorize(okta.token(member["email"]), dialect)
    assert (response.status_code, response.content) == (200, b"")
    assert {name: response.headers[name] for name in IDENTITY_HEADERS if name != "X-Request-Id"} == {
        "X-Auth-User-Id": member["user"], "X-Auth-Subject": okta.subject(member["email"]), "X-Auth-Provider": "okta",
        "X-Auth-Email": member["email"], "X-Auth-Org-Id": member["org"], "X-Auth-Org-Role": "org_admin",
        "X-Auth-Global-Role": "global_user", "X-Auth-Groups": "", "X-Auth-Scopes": "openid profile email"}
    assert response.headers["X-Request-Id"]
    assert response.headers["Cache-Control"] == "no-store"
    for name in IDENTITY_HEADERS:
        assert len(response.headers.get_list(name)) == 1, name


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_any_method_may_ask(service, okta, member, method):
    response = service.request(method, "/authorize/nginx", okta.token(member["email"]))
    assert response.status_code == 200
    assert response.headers["X-Auth-User-Id"] == member["user"]


def test_envoy_asks_with_the_original_path(service, okta, member):
    for path in ("/", "/things/1?x=y", "/a%20b"):
        response = service.get("/authorize/envoy" + path, okta.token(member["email"]))
        assert response.status_code == 200, path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_deny_has_the_error_body(service, okta, member, dialect):
    missing = service.authorize(None, dialect)
    assert missing.status_code == 401 and problem(missing) == "token_missing"
    assert missing.headers["WWW-Authenticate"].startswith("Bearer")
    assert "error=" not in missing.headers["WWW-Authenticate"]  # RFC 6750 section 3.1
    bad = service.authorize("a.b.c", dialect)
    assert bad.status_code == 401 and 'error="invalid_token"' in bad.headers["WWW-Authenticate"]
    for response in (missing, bad):
        assert not any(name.lower().startswith("x-auth-") for name in response.headers)


def test_the_org_of_the_header_is_a_members(service, database, okta, member):
    token = okta.token(member["email"])
    second = database.org("second-org")
    foreign = database.org("foreign-org")
    database.run("INSERT INTO org_members (org_id, user_id, role) VALUES (%s, %s, 'org_user')", second, member["user"])
    response = eventually(lambda: (found := service.authorize(
        token, headers={"X-Org-Id": second})).status_code == 200 and found, "the new membership", 5)
    assert (response.headers["X-Auth-Org-Id"], response.headers["X-Auth-Org-Role"]) == (second, "org_user")
    for org in (foreign, str(uuid.uuid4())):
        refused = service.authorize(token, headers={"X-Org-Id": org})
        assert refused.status_code == 403 and problem(refused) == "forbidden"
    for odd in ("not-a-uuid", "x" * 200, "'; DROP TABLE org;--"):
        assert service.authorize(token, headers={"X-Org-Id": odd}).status_code in (400, 403)
    twice = service.get("/authorize/nginx", token, headers=[("X-Org-Id", member["org"]), ("X-Org-Id", second)])
    assert twice.status_code in (400, 403)


def test_values_are_percent_encoded_beyond_visible_ASCII(service, okta, member):
    response = service.authorize(okta.token(member["email"], groups=["Ärzte", "Büro 2", "100%"]))
    assert response.status_code == 200
    for _, value in response.headers.raw:
        assert all(0x20 <= byte < 0x7F for byte in value), value
    assert unquote(response.headers["X-Auth-Groups"]) == "Ärzte,Büro 2,100%"


def test_header_injection_by_a_claim(service, okta, member):
    response = service.authorize(okta.token(member["email"], groups=["line\r\nX-Injected: yes", "Ä", "\x00", "\x7f"]))
    assert response.status_code in (200, 401)
    assert "X-Injected" not in response.headers
    for _, value in response.headers.raw:
        assert all(0x20 <= byte < 0x7F for byte in value), value


def test_a_newcomer_is_provisioned_at_first_sight(service, database, okta):
    email = f"first-{uuid.uuid4().hex[:8]}@example.com"
    refused = service.authorize(okta.token(email))
    assert refused.status_code == 403 and problem(refused) == "invitation_required"
    org = database.org("first-" + uuid.uuid4().hex[:8])
    database.invite(org, email)
    began = time.monotonic()
    response = eventually(
        lambda: (found := service.authorize(okta.token(email))).status_code == 200 and found, "the invited", 10)
    assert time.monotonic() - began < 2, "a refused newcomer must be forgotten at once when an invite appears"
    assert response.headers["X-Auth-Org-Id"] == org
    assert database.one("SELECT count(*) FROM auth.users WHERE email = %s", email) == 1


def test_a_hundred_first_requests_at_once(service, database, okta):
    email = f"burst-{uuid.uuid4().hex[:8]}@example.com"
    org = database.org("burst-" + uuid.uuid4().hex[:8])
    database.invite(org, email)
    token = okta.token(email)
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: service.authorize(token), range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["X-Auth-User-Id"] for answer in answers}) == 1
    assert database.one("SELECT count(*) FROM auth.users WHERE email = %s", email) == 1


@pytest.mark.parametrize("mode, status, code", [
    ("deny", 403, "user_not_provisioned"), ("allow", 200, None), ("provision", 403, "invitation_required")])
def test_what_happens_to_a_token_without_a_user(start, fresh_database, host, mode, status, code):
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, okta, VESTIBULE_UNPROVISIONED=mode)
    response = service.authorize(okta.token("eve@example.com"))
    assert response.status_code == status
    if code:
        assert problem(response) == code
    else:
        assert response.headers["X-Auth-Subject"] == okta.subject("eve@example.com")
        for name in ("X-Auth-User-Id", "X-Auth-Org-Id", "X-Auth-Org-Role", "X-Auth-Global-Role"):
            assert response.headers[name] == ""
    assert fresh_database.counts()["auth.users"] == 0


def test_only_trusted_proxies_may_ask(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta, VESTIBULE_TRUSTED_PROXIES="10.0.0.0/8")
    for dialect in DIALECTS:
        response = service.authorize(okta.token("ada@example.com"), dialect)
        assert response.status_code == 403 and problem(response) == "forbidden"
        assert service.authorize(None, dialect).status_code == 403
    # A forwarded address does not make a peer trusted.
    spoofed = service.authorize(okta.token("ada@example.com"), headers={"X-Forwarded-For": "10.0.0.1"})
    assert spoofed.status_code == 403
    assert service.provision(okta.token("ada@example.com")).status_code == 201

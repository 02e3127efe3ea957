"""What browsers are told: the CORS protocol of the Fetch standard, and that TLS is to be used where it is."""

import ssl
import urllib.request

import pytest

from harness.programs import ROOT, eventually

PAGE, OTHER = "https://console.example", "https://evil.example"
TLS = ROOT / "Tests" / "Vectors" / "http" / "tls"


@pytest.fixture(scope="module")
def open_service(folder, database, okta):
    from harness.service import Service
    service = Service(folder, database.service_url, okta, CORS_ORIGINS=f"{PAGE},https://other.example")
    yield service
    service.stop()


def allowed(answer) -> dict:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


def test_a_page_that_may_call_is_told_so(open_service, okta):
    for path, token in (("/healthz", None), ("/orgs", None), ("/nothing-here", None), ("/orgs", "bad.token.here")):
        answer = open_service.request("GET", path, token, headers={"Origin": PAGE})
        found = allowed(answer)
        assert found["access-control-allow-origin"] == PAGE, path
        assert found["access-control-allow-credentials"] == "true" and "Origin" in answer.headers["Vary"]
        exposed = {name.strip() for name in found["access-control-expose-headers"].split(",")}
        assert {"X-Request-Id", "ETag", "Link", "Retry-After", "Idempotency-Replayed"} <= exposed


def test_a_page_that_may_not_is_told_nothing(open_service):
    for origin in (OTHER, "null", PAGE + ".evil.example", "http://console.example", PAGE + "/"):
        answer = open_service.request("GET", "/healthz", headers={"Origin": origin})
        assert answer.status_code == 200 and allowed(answer) == {}, origin
        assert "Origin" in answer.headers["Vary"]
    twice = open_service.request("GET", "/healthz", headers=[("Origin", PAGE), ("Origin", OTHER)])
    assert allowed(twice) == {}


def test_a_preflight_needs_no_token(open_service):
    for path, method in (("/orgs", "POST"), ("/profiles/me", "PUT"), ("/organizations", "POST")):
        answer = open_service.request("OPTIONS", path, headers={
            "Origin": PAGE, "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type,if-match,idempotency-key"})
        found = allowed(answer)
        assert answer.status_code == 204 and answer.content == b""
        assert method in found["access-control-allow-methods"] and int(found["access-control-max-age"]) > 0
        headers = {name.strip().lower() for name in found["access-control-allow-headers"].split(",")}
        assert {"authorization", "content-type", "if-match", "idempotency-key", "x-org-id", "traceparent"} <= headers
        refused = open_service.request("OPTIONS", path, headers={
            "Origin": OTHER, "Access-Control-Request-Method": method})
        assert allowed(refused) == {}


def test_without_origins_nothing_is_said(service):
    answer = service.request("GET", "/healthz", headers={"Origin": PAGE})
    assert allowed(answer) == {} and "Strict-Transport-Security" not in answer.headers


def test_every_answer_has_its_headers(service, owner):
    for answer in (service.get("/healthz"), service.get("/nothing-here"), service.get("/orgs"), owner.call("GET", "/orgs"),
                   service.request("TRACE", "/orgs"), service.request("OPTIONS", "/orgs"), service.get("/docs")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Request-Id"]


def test_under_tls_browsers_are_to_use_nothing_else(start, database, okta):
    service = start(database.service_url, okta, ready=False,
                    VESTIBULE_TLS_CERT=TLS / "first.crt", VESTIBULE_TLS_KEY=TLS / "first.key")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def ask():
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{service.port}/healthz", context=context, timeout=5) as answer:
                return dict(answer.headers)
        except OSError:
            return None
    eventually(ask, "an answer under TLS", 20, service.program.alive)
    policy = ask()["Strict-Transport-Security"]
    assert int(policy.split("max-age=")[1].split(";")[0]) >= 31_536_000

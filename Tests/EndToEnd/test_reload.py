"""CONTRACT section 11: SIGHUP reads the configuration again. What is good counts at once, what is wrong changes nothing."""

import json
import re
import signal
import uuid

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from harness.people import Person
from harness.programs import ROOT, eventually
from harness.service import Service, problem
from harness.webhooks import Clerk

SVIX = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLlQx"


class Reloadable:
    """An instance with a configuration file of its own."""

    def __init__(self, folder, database, issuer, **values):
        self.path = folder / f"reload-{uuid.uuid4().hex[:8]}.json5"
        self.write(**values)
        # The environment goes before the file: what the harness usually sets there is left to the file.
        self.service = Service(folder, database.service_url, issuer, config=self.path, VESTIBULE_RATE_LIMIT=None)
        self.told = 0

    def write(self, text: str | None = None, **values):
        self.path.write_text(text if text is not None else json.dumps(values))

    def events(self) -> list:
        return [entry for line in self.service.output().splitlines() if line.startswith("{")
                and (entry := json.loads(line))["event"] in ("reloaded", "reload_failed")]

    def reload(self, *, text: str | None = None, **values) -> dict:
        self.write(text, **values)
        self.service.program.send(signal.SIGHUP)
        eventually(lambda: len(self.events()) > self.told, "the reload", 20, self.service.program.alive)
        self.told += 1
        return self.events()[-1]


@pytest.fixture
def reloadable(folder, database, okta):
    started = []

    def begin(**values):
        database.settle_bootstrap()
        started.append(Reloadable(folder, database, okta, **values))
        return started[-1], okta

    yield begin
    for one in started:
        assert one.service.stop() == 0


def is_logging(service) -> bool:
    """Whether requests leave lines at `debug`."""
    name = uuid.uuid4().hex
    service.get("/healthz", headers={"X-Request-Id": name})
    try:
        eventually(lambda: name in service.output(), "the line", 0.5)
        return True
    except AssertionError:
        return False


def preflight(service) -> str | None:
    return service.request("OPTIONS", "/profiles/me", headers={
        "Origin": "https://app.example", "Access-Control-Request-Method": "GET"}).headers.get("Access-Control-Allow-Origin")


def error(response) -> str:
    return "" if response.is_success else problem(response)



def assertion(service, person) -> dict:
    """The claims of the assertion that the gateway would get."""
    token = service.authorize(person.token).headers["X-Auth-Assertion"]
    return jwt.decode(token, options={"verify_signature": False})


def pem() -> str:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


#: What stands in the file besides, before and after.
ALWAYS = {"log_level": "info", "assertion_key": pem()}

#: What a key changes, seen from outside: its value, and what is seen before and after.
SEEN = {
    "LOG_LEVEL": ("debug", lambda s, i, p: is_logging(s)),
    "CORS_ORIGINS": ("https://app.example", lambda s, i, p: preflight(s)),
    "VESTIBULE_METRICS_PEERS": ("203.0.113.0/24", lambda s, i, p: s.get("/metrics").status_code),
    "VESTIBULE_TRUSTED_PROXIES": ("203.0.113.0/24", lambda s, i, p: s.authorize(None).status_code),
    "VESTIBULE_UNPROVISIONED": ("allow", lambda s, i, p: s.authorize(i.token("eve@stranger.example")).status_code),
    "VESTIBULE_CLOCK_SKEW": ("300", lambda s, i, p: s.authorize(
        i.token("eve@stranger.example", exp=i.claims("x@y.example")["iat"] - 120)).status_code),
    "VESTIBULE_REQUIRE_VERIFIED_EMAIL": ("false", lambda s, i, p: error(
        s.provision(i.token("eve@stranger.example", email_verified=False)))),
    "VESTIBULE_RATE_LIMIT": ("7", lambda s, i, p: s.get("/orgs").headers.get("RateLimit-Limit")),
    "VESTIBULE_SESSION_COOKIES": ("kept", lambda s, i, p: error(s.get("/profiles/me", headers={
        "Cookie": f"kept={i.token('eve@stranger.example')}"}))),
    "VESTIBULE_ASSERTION_ISSUER": ("https://other.example", lambda s, i, p: assertion(s, p)["iss"]),
    "VESTIBULE_ASSERTION_AUDIENCE": ("other", lambda s, i, p: assertion(s, p)["aud"]),
    "VESTIBULE_ASSERTION_KEY": (pem(), lambda s, i, p: s.get("/.well-known/jwks.json").json()),
    "VESTIBULE_PUBLIC_URL": ("https://auth.example", lambda s, i, p: s.request(
        "DELETE", "/admin/session", headers={"Host": "auth.example", "Origin": "http://auth.example"}).status_code),
    "CLERK_WEBHOOK_SECRET": (SVIX, lambda s, i, p: error(Clerk(s, SVIX).post("email.created", {"id": "ema_1"}))),
    "OKTA_WEBHOOK_SECRET": ("secret-of-the-hook", lambda s, i, p: s.get("/webhooks/okta", headers={
        "Authorization": "secret-of-the-hook", "X-Okta-Verification-Challenge": "c"}).status_code),
    "VESTIBULE_BOOTSTRAP_TOKEN": ("bootstrap-token-1", None),
    "VESTIBULE_BOOTSTRAP_EMAILS": ("ada@example.com", None),
    "VESTIBULE_LINK_BY_EMAIL": ("true", None),
    "VESTIBULE_AWS_SIMPLE_RESPONSES": ("false", lambda s, i, p: "policyDocument" in s.request(
        "POST", "/authorize/aws", json=api_event(i.token("eve@stranger.example"))).text),
    "VESTIBULE_AWS_USAGE_KEY": ("sub", None),
    "ENVIRONMENT": ("stage", lambda s, i, p: s.request(
        "POST", "/authorize/aws", json=api_event(p.token)).json()["context"].get("environment")),
    "VESTIBULE_ORGS_CREATE": ("platform_admin", lambda s, i, p: p.call("POST", "/orgs", {"name": uuid.uuid4().hex}).status_code),
    "VESTIBULE_ADMIN_MFA": ("true", lambda s, i, p: p.admin.call("PUT", "/admin/users/" + p.id, {"is_active": True}).status_code),
    "VESTIBULE_ADMIN_MAX_AGE": ("60", lambda s, i, p: error(s.request("PUT", "/admin/users/" + p.id, i.token(
        p.admin.email, auth_time=i.claims("x@y.example")["iat"] - 600), json={"is_active": True}))),
    "CLERK_SECRET_KEY": ("sk_test_reload", None),
}


def api_event(token: str) -> dict:
    return {"version": "2.0", "type": "REQUEST", "routeArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/x",
            "identitySource": [f"Bearer {token}"], "routeKey": "GET /x", "rawPath": "/x", "rawQueryString": "",
            "headers": {"authorization": f"Bearer {token}"},
            "requestContext": {"accountId": "123456789012", "apiId": "abc", "stage": "prod", "requestId": "r", "domainName":
                               "abc.example", "http": {"method": "GET", "path": "/x", "protocol": "HTTP/1.1",
                                                       "sourceIp": "192.0.2.1", "userAgent": "t"}}}


def file_name(key: str) -> str:
    return key.lower().removeprefix("vestibule_")


def reloadable_keys() -> set:
    source = (ROOT / "Sources/vestibule/Configuration/ConfigurationKeys.swift").read_text()
    block = source.split("static let reloadable", 1)[1].split("]", 1)[0]
    return set(re.findall(r'"([A-Z_]+)"', block))


def test_every_reloadable_key_is_tried_and_named_in_the_readme():
    assert reloadable_keys() == set(SEEN)
    paragraph = (ROOT / "README.md").read_text().split("`SIGHUP` reads", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"`([A-Z_]+)`", paragraph))
    assert named == set(SEEN), named ^ set(SEEN)


def test_what_is_reloaded_counts_at_once_and_is_told(reloadable, database):
    """All keys in turn on one instance: each changes what is seen."""
    one, issuer = reloadable(**ALWAYS)
    service = one.service
    person = Person(service, database, issuer)
    person.admin = Person(service, database, issuer, global_role="platform_admin")
    for key, (value, look) in SEEN.items():
        before = look(service, issuer, person) if look else None
        told = one.reload(**(ALWAYS | {file_name(key): value}))
        assert told["event"] == "reloaded" and told["changed"] == key, (key, told)
        assert told["need_restart"] == "", key
        if look:
            assert look(service, issuer, person) != before, key
        assert one.reload(**ALWAYS)["changed"] == key
        if look and key != "VESTIBULE_RATE_LIMIT":
            assert look(service, issuer, person) == before, key
    assert ALWAYS["assertion_key"].splitlines()[1] not in service.output()


def test_route_rules_are_reloaded(reloadable):
    one, issuer = reloadable()
    assert one.service.authorize(None, uri="/open").status_code == 401
    told = one.reload(routes=[{"method": "*", "host": "*", "path": "/open", "require": "anonymous"}])
    assert told["changed"] == "routes"
    assert one.service.authorize(None, uri="/open").status_code == 200
    assert one.service.authorize(None, uri="/other").status_code == 401


@pytest.mark.parametrize("wrong, named", [
    ({"text": "{ log_level: "}, "JSON5"), ({"text": "[]"}, "one object"), ({"log_level": "loud"}, "LOG_LEVEL"),
    ({"rate_limit": -1}, "VESTIBULE_RATE_LIMIT"), ({"trusted_proxies": "everybody"}, "VESTIBULE_TRUSTED_PROXIES"),
    ({"log_levle": "debug"}, "log_level"), ({"cors_origins": "*.example"}, "CORS_ORIGINS"),
    ({"routes": [{"path": "x"}]}, "routes"), ({"encryption_key": "short"}, "VESTIBULE_ENCRYPTION_KEY"),
    ({"okta_webhook_secret": "a,,b"}, "OKTA_WEBHOOK_SECRET")],
    ids=lambda value: value if isinstance(value, str) else None)
def test_a_wrong_configuration_changes_nothing(reloadable, wrong, named):
    rule = [{"method": "*", "host": "*", "path": "/open", "require": "anonymous"}]
    one, issuer = reloadable(routes=rule, cors_origins="https://app.example")
    if "text" not in wrong:
        # What is good beside it does not count either.
        wrong = {"unprovisioned": "allow"} | wrong
    told = one.reload(**wrong)
    assert told["event"] == "reload_failed" and told["level"] == "error" and named in told["cause"], told
    assert one.service.authorize(None, uri="/open").status_code == 200
    assert preflight(one.service) == "https://app.example"
    assert one.service.authorize(issuer.token("eve@stranger.example")).status_code == 403
    # And the next good one counts.
    assert one.reload(routes=rule)["event"] == "reloaded"
    assert preflight(one.service) is None


def test_a_file_that_is_gone_changes_nothing(reloadable):
    one, _ = reloadable(cors_origins="https://app.example")
    one.path.unlink()
    one.service.program.send(signal.SIGHUP)
    told = eventually(one.events, "the reload", 20)[-1]
    assert told["event"] == "reload_failed" and "can't be read" in told["cause"]
    assert preflight(one.service) == "https://app.example"


def test_what_needs_a_restart_is_told_each_time(reloadable):
    one, _ = reloadable()
    for _ in range(2):
        told = one.reload(database_connections=8, principal_ttl=20)
        assert told["event"] == "reloaded" and told["need_restart"] == "VESTIBULE_DATABASE_CONNECTIONS VESTIBULE_PRINCIPAL_TTL"
    assert one.reload()["need_restart"] == ""


def test_no_request_is_lost_while_it_reloads(reloadable):
    import threading
    one, issuer = reloadable()
    token = issuer.token("eve@stranger.example")
    stop, seen = threading.Event(), []

    def ask():
        import httpx
        with httpx.Client(base_url=one.service.origin, trust_env=False, timeout=30) as client:
            while not stop.is_set():
                seen.append(client.get("/authorize/nginx", headers={
                    "Authorization": f"Bearer {token}", "X-Original-Method": "GET", "X-Original-URI": "/"}).status_code)

    workers = [threading.Thread(target=ask) for _ in range(4)]
    for worker in workers:
        worker.start()
    for number in range(10):
        one.reload(unprovisioned="allow" if number % 2 else "deny")
    stop.set()
    for worker in workers:
        worker.join()
    assert set(seen) == {200, 403} and len(seen) > 100, set(seen)

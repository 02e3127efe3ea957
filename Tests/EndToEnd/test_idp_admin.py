"""CONTRACT section 7: administrators configure the identity provider."""

import base64
import os
import threading
import time
import uuid

import pytest

from harness.database import Database
from harness.issuers import AUDIENCE, CLERK, OIDC, OKTA
from harness.programs import eventually, free_port
from harness.service import Service, migrated, problem

SECRETS = ("client_secret", "secret_key", "webhook_secret", "api_key")


def encryption_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


class World:
    """Okta active; an administrator and a plain user who sign in there."""

    def __init__(self, host, folder, database, **settings):
        self.host, self.folder, self.database, self.settings = host, folder, database, settings
        database.settle_bootstrap()
        self.okta, self.clerk, self.oidc = host.issuer(OKTA), host.issuer(CLERK), host.issuer(OIDC)
        self.services = []
        self.service = self.begin(**settings)
        self.admin = self.person("platform_admin")
        self.plain = self.person(None)

    def begin(self, **settings) -> Service:
        service = Service(self.folder, self.database.service_url, self.okta, **settings)
        self.services.append(service)
        return service

    def person(self, role) -> str:
        email = f"{uuid.uuid4().hex[:10]}@people.example"
        self.database.invite(self.database.org("org-" + uuid.uuid4().hex[:8]), email, "org_user")
        answer = self.service.provision(self.okta.token(email))
        assert answer.status_code == 201, answer.text
        if role:
            self.database.run("UPDATE profiles SET global_role = %s WHERE user_id = %s", role,
                              answer.json()["data"]["user"]["id"])
        return email

    def call(self, method, path, body=None, email=None, token=None, service=None):
        token = token or self.okta.token(email or self.admin)
        return (service or self.service).request(method, path, token, **({} if body is None else {"json": body}))

    def good(self, method, path, body=None, status=200):
        answer = self.call(method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json()["data"]

    def bad(self, method, path, body, status, code, **more):
        answer = self.call(method, path, body, **more)
        assert answer.status_code == status, answer.text
        assert problem(answer) == code
        return answer.json()

    def clerk_body(self, **more) -> dict:
        return {"issuer": self.clerk.url, "publishable_key": "pk_test_1"} | more


@pytest.fixture
def world(host, folder, fresh_database):
    world = World(host, folder, fresh_database, VESTIBULE_ENCRYPTION_KEY=encryption_key())
    yield world
    for service in world.services:
        service.stop()


@pytest.fixture(scope="module")
def steady_world(host, folder):
    """One for the tests that change nothing."""
    database = migrated(Database())
    world = World(host, folder, database, VESTIBULE_ENCRYPTION_KEY=encryption_key())
    yield world
    for service in world.services:
        service.stop()
    database.drop()


def test_only_administrators_see_and_change_it(world):
    for method, path, body in [
            ("GET", "/admin/idp-config", None), ("GET", "/admin/idp-config/active", None),
            ("GET", "/admin/idp-config/okta", None), ("GET", "/admin/idp-config/audit", None),
            ("PUT", "/admin/idp-config/clerk", world.clerk_body()), ("POST", "/admin/idp-config/okta/activate", {}),
            ("POST", "/admin/idp-config/okta/test", {})]:
        assert world.call(method, path, body, email=world.plain).status_code == 403, path
        anonymous = world.service.request(method, path, **({} if body is None else {"json": body}))
        assert anonymous.status_code == 401, path
    active = world.good("GET", "/admin/idp-config/active")
    assert (active["provider"], active["issuer"], active["is_active"]) == ("okta", world.okta.url, True)
    assert [row["provider"] for row in world.good("GET", "/admin/idp-config")] == ["okta"]
    world.bad("GET", "/admin/idp-config/clerk", None, 404, "not_found")
    world.bad("GET", "/admin/idp-config/auth0", None, 404, "not_found")


def test_the_public_part_holds_what_a_login_page_needs_and_no_more(world):
    answer = world.service.get("/idp-config/active")
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert set(data) == {"provider", "issuer", "client_id", "audience", "publishable_key"}
    assert data["provider"] == "okta" and data["issuer"] == world.okta.url


@pytest.mark.parametrize("provider, body, fields", [
    ("okta", {"client_id": None}, {"client_id"}),
    ("okta", {"issuer": "http://login.example.com"}, {"issuer"}),
    ("okta", {"issuer": "https://a.example?x=1"}, {"issuer"}),
    ("okta", {"issuer": None}, {"issuer"}),
    ("okta", {"issuer": "https://" + "a" * 1020}, {"issuer"}),
    ("okta", {"unknown": 1, "algorithms": ["HS256"]}, {"unknown", "algorithms"}),
    ("okta", {"algorithms": []}, {"algorithms"}),
    ("okta", {"email_domains": ["not a domain"]}, {"email_domains"}),
    ("okta", {"accept_tokens": "yes"}, {"accept_tokens"}),
    ("okta", {"client_secret": ""}, {"client_secret"}),
    ("clerk", {}, {"issuer", "publishable_key"}),
    ("clerk", {"issuer": "https://clerk.example.com"}, {"publishable_key"}),
    ("oidc", {"issuer": "https://login.example.com"}, {"audience"}),
    ("oidc", {"issuer": "https://login.example.com", "audience": [1]}, {"audience"}),
    ("oidc", {"issuer": "https://login.example.com", "audience": ["a"] * 101}, {"audience"}),
    ("oidc", {"issuer": "https://login.example.com", "audience": "a", "jwks_url": "ftp://x"}, {"jwks_url"}),
])
def test_wrong_fields_are_named_and_nothing_is_stored(steady_world, provider, body, fields):
    world = steady_world
    before = world.good("GET", "/admin/idp-config")
    answer = world.bad("PUT", f"/admin/idp-config/{provider}", body, 400, "validation_failed")
    assert {detail["field"] for detail in answer["details"]} == fields
    assert world.good("GET", "/admin/idp-config") == before


def test_a_put_is_partial(world):
    first = world.good("PUT", "/admin/idp-config/oidc", {
        "issuer": world.oidc.url, "audience": AUDIENCE, "client_id": "web", "algorithms": ["RS256"],
        "email_domains": ["example.com"], "accept_tokens": True})
    assert (first["audience"], first["algorithms"], first["accept_tokens"]) == ([AUDIENCE], ["RS256"], True)
    second = world.good("PUT", "/admin/idp-config/oidc", {"client_id": None})
    assert second["client_id"] is None and second["version"] == first["version"] + 1
    assert second["audience"] == [AUDIENCE] and second["email_domains"] == ["example.com"]


def test_secrets_are_sealed_and_never_come_back(world):
    values = {name: f"very-{name}-" + uuid.uuid4().hex for name in SECRETS}
    values["webhook_secret"] = "whsec_" + base64.b64encode(os.urandom(24)).decode()
    stored = world.call("PUT", "/admin/idp-config/clerk", world.clerk_body(**values))
    assert stored.status_code == 200, stored.text
    assert stored.json()["data"]["secrets_stored"] == dict.fromkeys(SECRETS, True)
    # One that is left out stays, null takes it away.
    after = world.good("PUT", "/admin/idp-config/clerk", {"api_key": None, "publishable_key": "pk_test_2"})
    assert after["secrets_stored"] == dict.fromkeys(SECRETS, True) | {"api_key": False}
    dump = str(world.database.rows("SELECT t::text FROM platform_idp_config t")) + str(world.database.rows(
        "SELECT t::text FROM audit_log t UNION ALL SELECT t::text FROM platform_idp_audit_log t"))
    audit = world.call("GET", "/admin/idp-config/audit").text
    assert "***REDACTED***" in audit
    for value in values.values():
        for place in (stored.text, dump, audit, world.service.output(),
                      world.call("GET", "/admin/idp-config/clerk").text):
            assert value not in place


def test_without_a_key_a_secret_is_refused_with_advice(host, folder, fresh_database):
    world = World(host, folder, fresh_database)
    try:
        answer = world.bad("PUT", "/admin/idp-config/clerk", world.clerk_body(secret_key="sk_1"), 400,
                           "validation_failed")
        [detail] = answer["details"]
        assert detail["field"] == "secret_key" and "openssl rand -base64 32" in detail["problem"]
        world.bad("GET", "/admin/idp-config/clerk", None, 404, "not_found")
        assert world.good("PUT", "/admin/idp-config/clerk", world.clerk_body())["provider"] == "clerk"
    finally:
        for service in world.services:
            service.stop()


def test_a_stored_key_is_used_and_survives_a_rotation_of_the_sealing_key(world):
    """Clerk's tokens without e-mail: the Backend API is asked with the stored secret key."""
    world.good("PUT", "/admin/idp-config/clerk", world.clerk_body(
        secret_key="sk_stored", api_url=world.clerk.url + "-api", accept_tokens=True))

    def login(service):
        email = f"{uuid.uuid4().hex[:10]}@people.example"
        world.database.invite(world.database.org("org-" + uuid.uuid4().hex[:8]), email, "org_user")
        token = world.clerk.token(email, email=None, email_verified=None)
        return eventually(lambda: (answer := service.provision(token)).status_code == 201 and answer, "login")

    login(world.service)
    old, new = world.settings["VESTIBULE_ENCRYPTION_KEY"], encryption_key()
    before = world.database.one("SELECT sealed_secrets ->> 'secret_key' FROM platform_idp_config WHERE provider = 'clerk'")
    both = world.begin(VESTIBULE_ENCRYPTION_KEY=f"{new},{old}")
    login(both)
    after = world.database.one("SELECT sealed_secrets ->> 'secret_key' FROM platform_idp_config WHERE provider = 'clerk'")
    assert before != after
    login(world.begin(VESTIBULE_ENCRYPTION_KEY=new))


def test_the_test_call_reports_each_step(world):
    report = world.good("POST", "/admin/idp-config/okta/test", {})
    steps = {step["name"]: step for step in report["steps"]}
    assert list(steps) == ["url", "dns", "connect", "tls", "discovery", "issuer", "jwks", "algorithms", "clock"]
    assert report["usable"] is True
    assert steps["discovery"]["duration_ms"] > 0 and steps["jwks"]["outcome"] == "passed"
    world.okta.jwks_status = 500
    report = world.good("POST", "/admin/idp-config/okta/test")
    assert report["usable"] is False
    assert next(step for step in report["steps"] if step["name"] == "jwks")["outcome"] == "failed"
    world.okta.jwks_status = 200
    world.good("PUT", "/admin/idp-config/oidc", {"issuer": f"http://127.0.0.1:{free_port()}", "audience": "a"})
    report = world.good("POST", "/admin/idp-config/oidc/test")
    assert next(step for step in report["steps"] if step["name"] == "connect")["outcome"] == "failed"


def test_activating_refuses_what_would_lock_everybody_out(world):
    assert "not configured" in world.bad("POST", "/admin/idp-config/oidc/activate", {}, 409, "conflict")["error"]
    world.good("PUT", "/admin/idp-config/oidc", {"issuer": f"http://127.0.0.1:{free_port()}", "audience": "a"})
    answer = world.bad("POST", "/admin/idp-config/oidc/activate", {}, 409, "conflict")
    assert "force" in answer["error"] and {"connect", "jwks"} & {detail["field"] for detail in answer["details"]}
    assert world.good("GET", "/admin/idp-config/active")["provider"] == "okta"
    forced = world.good("POST", "/admin/idp-config/oidc/activate", {"force": True, "grace_seconds": 60})
    assert forced["provider"] == "oidc" and forced["is_active"] is True
    assert world.good("GET", "/admin/idp-config/active")["provider"] == "oidc"
    for grace in (-1, 30 * 86400 + 1, 1.5, "60"):
        world.bad("POST", "/admin/idp-config/okta/activate", {"grace_seconds": grace}, 400, "validation_failed")


def test_a_switch_reaches_every_instance_within_100_ms_and_grace_ends(world):
    other = world.begin(VESTIBULE_ENCRYPTION_KEY=world.settings["VESTIBULE_ENCRYPTION_KEY"])
    world.good("PUT", "/admin/idp-config/clerk", world.clerk_body())
    token = world.okta.token(world.plain)
    assert other.authorize(token).status_code == 200
    switched = world.good("POST", "/admin/idp-config/clerk/activate", {"grace_seconds": 2})
    assert switched["is_active"] is True
    former = next(row for row in world.good("GET", "/admin/idp-config") if row["provider"] == "okta")
    assert former["is_active"] is False and former["grace_until"] is not None
    assert other.authorize(token).status_code == 200
    eventually(lambda: other.authorize(token).status_code == 401, "the end of the grace", 10)
    assert problem(other.authorize(token)) == "token_issuer_unknown"
    # And without any: from the answer on.
    admin = world.clerk.token(world.admin)
    world.database.run(
        "INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) SELECT p.user_id, 'clerk', "
        "%s, %s FROM profiles p WHERE p.email = %s", world.clerk.url, world.clerk.subject(world.admin), world.admin)
    back = world.call("POST", "/admin/idp-config/okta/activate", {}, token=admin)
    assert back.status_code == 200, back.text
    eventually(lambda: other.authorize(token).status_code == 200, "the way back", 5)
    began = time.monotonic()
    gone = world.call("POST", "/admin/idp-config/clerk/activate", {})
    assert gone.status_code == 200
    answered = time.monotonic()
    while other.authorize(token).status_code == 200:
        assert time.monotonic() - answered < 0.1, f"still allowed {time.monotonic() - began:.3f} s later"


def test_switching_under_load_loses_no_valid_request(world):
    """Both issuers are accepted throughout; every request with a valid token passes."""
    world.good("PUT", "/admin/idp-config/clerk", world.clerk_body(accept_tokens=True))
    world.good("PUT", "/admin/idp-config/okta", {"accept_tokens": True})
    token, stop, answers = world.okta.token(world.plain), threading.Event(), []
    assert world.service.authorize(token).status_code == 200

    def load():
        import httpx
        with httpx.Client(base_url=world.service.origin, trust_env=False, timeout=30) as client:
            while not stop.is_set():
                answers.append(client.get("/authorize/nginx", headers={
                    "Authorization": f"Bearer {token}", "X-Original-Method": "GET", "X-Original-URI": "/"}).status_code)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for round in range(10):
            world.good("POST", f"/admin/idp-config/{('clerk', 'okta')[round % 2]}/activate", {})
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert len(answers) > 50 and set(answers) == {200}


def test_every_change_is_audited(world):
    world.good("PUT", "/admin/idp-config/clerk", world.clerk_body())
    world.good("POST", "/admin/idp-config/clerk/activate", {"grace_seconds": 60})
    page = world.call("GET", "/admin/idp-config/audit?limit=2").json()
    assert page["page"] == {"limit": 2, "offset": 0, "has_more": True}
    entries = world.good("GET", "/admin/idp-config/audit")
    assert [(entry["provider"], entry["action"]) for entry in entries[:3]] in (
        [("clerk", "activate"), ("okta", "update"), ("clerk", "insert")],
        [("okta", "update"), ("clerk", "activate"), ("clerk", "insert")])
    assert entries[0]["actor_id"] and entries[0]["request_id"] and entries[0]["client_address"] == "127.0.0.1"


def test_changes_need_what_the_configuration_asks_of_administrators(world):
    strict = world.begin(VESTIBULE_ADMIN_MFA="true", VESTIBULE_ADMIN_MAX_AGE="900",
                         VESTIBULE_ENCRYPTION_KEY=world.settings["VESTIBULE_ENCRYPTION_KEY"])
    now = int(time.time())

    def put(**claims):
        return world.call("PUT", "/admin/idp-config/okta", {"accept_tokens": True}, service=strict,
                          token=world.okta.token(world.admin, **claims))

    assert problem(put(amr=["pwd"])) == "mfa_required"
    assert problem(put(amr=["pwd", "otp"], auth_time=now - 2000)) == "login_too_old"
    assert put(amr=["pwd", "otp"], auth_time=now - 800).status_code == 200
    # Looking is free.
    assert world.call("GET", "/admin/idp-config", service=strict).status_code == 200


# Many OpenID Connect issuers.


def test_each_of_many_issuers_has_its_own_name_audience_and_keys(world):
    issuers = {f"oidc-{name}": world.host.issuer(OIDC) for name in ("acme", "b", "c-3")}
    for number, (name, issuer) in enumerate(issuers.items()):
        made = world.good("PUT", f"/admin/idp-config/{name}", {
            "issuer": issuer.url, "audience": f"aud-{number}", "email_domains": [f"d{number}.example"], "accept_tokens": True})
        assert (made["provider"], made["accept_tokens"], made["missing"]) == (name, True, [])
    org = world.database.org("many")
    for number, issuer in enumerate(issuers.values()):
        world.database.domain(org, f"d{number}.example")

        def login(audience):
            return world.service.provision(issuer.token(f"ada@d{number}.example", aud=audience, email_verified=None))

        eventually(lambda: login(f"aud-{number}").status_code in (200, 201), "the issuer's keys")
        answer = login(f"aud-{number}")
        assert answer.json()["data"]["identity"] | {"subject": ""} == {
            "provider": "oidc", "subject": "", "issuer": issuer.url}
        # Another's audience.
        assert problem(login(f"aud-{(number + 1) % 3}")) == "token_audience_mismatch"
        allowed = world.service.authorize(issuer.token(f"ada@d{number}.example", aud=f"aud-{number}"))
        assert (allowed.status_code, allowed.headers["X-Auth-Provider"]) == (200, "oidc")
    # Signed by one, said to be of another.
    first, second = list(issuers.values())[:2]
    forged = first.key.token(second.claims("ada@d1.example", aud="aud-1"))
    assert problem(world.service.provision(forged)) in ("token_key_unknown", "token_signature_invalid")
    listed = [one["provider"] for one in world.good("GET", "/admin/idp-config")]
    assert listed == ["oidc-acme", "oidc-b", "oidc-c-3", "okta"]
    assert world.good("POST", "/admin/idp-config/oidc-b/test")["usable"] is True
    kid = issuers["oidc-b"].key.kid
    assert [key["kid"] for key in world.good("GET", "/admin/idp-config/oidc-b/keys")["keys"]] == [kid]
    world.good("POST", f"/admin/idp-config/oidc-b/keys/{kid}/drop")
    token = second.token("ada@d1.example", aud="aud-1")
    eventually(lambda: world.service.authorize(token).status_code == 401, "the dropped key", 5)
    world.good("PUT", "/admin/idp-config/oidc-acme", {"accept_tokens": False})
    token = first.token("ada@d0.example", aud="aud-0")
    eventually(lambda: world.service.authorize(token).status_code == 401, "the end of its tokens", 5)
    assert world.good("POST", "/admin/idp-config/oidc-c-3/activate")["is_active"] is True
    assert world.service.get("/idp-config/active").json()["data"]["provider"] == "oidc-c-3"


def test_an_issuer_belongs_to_one_name(world):
    world.good("PUT", "/admin/idp-config/oidc-a", {"issuer": world.oidc.url, "audience": "a"})
    world.bad("PUT", "/admin/idp-config/oidc-b", {"issuer": world.oidc.url, "audience": "a"}, 409, "conflict")


@pytest.mark.parametrize("name", ["oidc-", "oidc--a", "oidc-a-", "oidc-A", "oidc-a.b", "oidc-" + "a" * 49, "okta-a", "clerk-a", "Okta"])
def test_what_is_no_name_of_a_provider_is_not_found(steady_world, name):
    steady_world.bad("PUT", f"/admin/idp-config/{name}", {"issuer": "https://a.example", "audience": "a"}, 404, "not_found")


def test_two_hundred_providers_and_no_more(world):
    world.good("PUT", "/admin/idp-config/oidc-" + "a" * 48, {"issuer": "https://longest.example", "audience": "a"})
    world.database.run("INSERT INTO platform_idp_config (provider, issuer, audience) SELECT 'oidc-' || n,"
                       " 'https://' || n || '.example', ARRAY['a'] FROM generate_series(1, 197) n")
    body = {"issuer": "https://last.example", "audience": "a"}
    assert world.good("PUT", "/admin/idp-config/oidc-last", body)["provider"] == "oidc-last"
    world.bad("PUT", "/admin/idp-config/oidc-more", {"issuer": "https://more.example", "audience": "a"}, 409, "conflict")
    assert world.good("PUT", "/admin/idp-config/oidc-last", {"audience": "b"})["audience"] == ["b"]
    assert len(world.good("GET", "/admin/idp-config")) == 200

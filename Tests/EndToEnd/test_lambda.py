"""CONTRACT section 4, AWS: `vestibule lambda` against a local runtime API."""

import json
import time

import pytest

from harness.gateway_events import FORMS, allows, arn, event, is_sound
from harness.lambda_api import Function, RuntimeAPI, SecretsExtension
from harness.programs import eventually
from harness.service import issuer_environment

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf"


@pytest.fixture
def api():
    api = RuntimeAPI()
    yield api
    api.close()


@pytest.fixture
def function(api, folder):
    """Starts functions that end with the test."""
    started = []

    def begin(*issuers, **environment) -> Function:
        started.append(Function(api, folder, **(issuer_environment(*issuers) | environment)))
        return started[-1]

    yield begin
    for one in started:
        one.stop()


def test_without_a_database_claims_are_enough(api, function, okta):
    began = time.monotonic()
    function(okta)
    good = okta.token("ada@example.com", groups=["Everyone"])
    kind, answer, _ = api.invoke(event("rest_token", good))
    print(f"start to first answer: {(api.answered - began) * 1000:.0f} ms")
    assert kind == "response" and allows(answer["policyDocument"], arn())
    is_sound(answer)
    assert answer["context"]["sub"] == answer["principalId"] == okta.subject("ada@example.com")
    assert answer["context"]["groups"] == "Everyone" and "user_id" not in answer["context"]
    for form in FORMS:
        kind, answer, _ = api.invoke(event(form, good))
        assert kind == "response" and (answer.get("isAuthorized") is True or answer["policyDocument"])
    for form in FORMS:
        for token in (None, "x.y.z", okta.token("ada@example.com", exp=1)):
            kind, answer, error = api.invoke(event(form, token))
            if form == "http_2":
                assert (kind, answer) == ("response", {"isAuthorized": False})
            else:
                assert (kind, answer["errorMessage"], error) == ("error", "Unauthorized", "Unauthorized")


def test_each_invocation_is_logged_with_its_trace(api, function, okta):
    begun = function(okta)
    api.invoke(event("http_2", okta.token("ada@example.com")))
    api.invoke(event("http_2", None))
    lines = eventually(
        lambda: (found := [json.loads(line) for line in begun.program.output().splitlines()
                           if '"event":"request"' in line])[1:] and found, "two lines", 10)
    assert [line["result"] for line in lines] == ["decided", "unauthorized"]
    for line in lines:
        # Read back from _X_AMZN_TRACE_ID.
        assert line["trace_id"] == "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700" and line["duration_us"] > 0
    assert lines[0]["request_id"] != lines[1]["request_id"]
    assert "ada@example.com" not in begun.program.output()


def test_what_is_no_event_is_an_error_of_another_name(api, function, okta):
    function(okta)
    for body in (b"{", b"[]", {"type": "TOKEN"}):
        kind, answer, error = api.invoke(body)
        assert kind == "error" and answer["errorMessage"] != "Unauthorized" and error == "Vestibule.bad_request"
    assert api.invoke(event("http_2", okta.token("ada@example.com")))[1]["isAuthorized"] is True


def test_an_outage_is_never_unauthorized(api, function, host):
    away = host.issuer("okta")
    away.jwks_status = 500
    function(away)
    for form in FORMS:
        kind, answer, error = api.invoke(event(form, away.token("ada@example.com")))
        assert kind == "error" and answer["errorMessage"] != "Unauthorized" and error == "Vestibule.jwks_unavailable"


def test_the_deadline_is_kept(api, function, host):
    slow = host.issuer("okta")
    slow.jwks_status = 500
    function(slow)
    api.invoke(event("http_2", None))
    slow.jwks_delay = 2.5
    slow.jwks_status = 200
    time.sleep(0.01)
    began = time.monotonic()
    kind, _, error = api.invoke(event("http_2", slow.token("ada@example.com")), seconds=0.6)
    assert kind == "error" and error in ("Vestibule.overloaded", "Vestibule.jwks_unavailable")
    assert api.answered - began < 0.6


def test_with_a_database_people_are_known_and_changes_count_at_once(api, function, fresh_database, okta):
    fresh_database.settle_bootstrap()
    org = fresh_database.org("acme")
    fresh_database.invite(org, "ada@example.com", "org_admin")
    secrets = SecretsExtension("session", {ARN: fresh_database.service_url})
    try:
        function(okta, DATABASE_URL_ARN=ARN, AWS_SESSION_TOKEN="session",
                 PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=secrets.port)
        token = okta.token("ada@example.com")
        kind, answer, _ = api.invoke(event("http_2", token))
        assert kind == "response" and answer["isAuthorized"] is True, answer
        context = answer["context"]
        assert context["org_id"] == str(org) and context["org_role"] == "org_admin"
        assert context["global_role"] == "global_user" and context["user_id"]
        assert api.invoke(event("http_2", okta.token("eve@example.com")))[1]["isAuthorized"] is False
        kind, answer, _ = api.invoke(event("rest_token", okta.token("eve@example.com")))
        assert kind == "response" and not allows(answer["policyDocument"], arn())
        fresh_database.run("UPDATE auth.users SET is_active = false WHERE email = 'ada@example.com'")
        assert api.invoke(event("http_2", token))[1]["isAuthorized"] is False
    finally:
        secrets.close()


def test_a_function_that_cannot_start_says_why_and_ends(api, function, okta):
    broken = function(okta, VESTIBULE_CLOCK_SKEW="never")
    path, body, kind, _ = api.init_errors.get(timeout=20)
    assert path == "init/error" and kind == "Configuration.Invalid" and "VESTIBULE_CLOCK_SKEW" in body["errorMessage"]
    assert broken.program.wait() == 1
    unread = function(okta, DATABASE_URL_ARN="not an ARN")
    _, body, _, _ = api.init_errors.get(timeout=20)
    assert "DATABASE_URL_ARN" in body["errorMessage"]
    assert unread.program.wait() == 1

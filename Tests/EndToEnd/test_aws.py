"""CONTRACT section 4, AWS: the authorizer's answers to API Gateway over HTTP."""

import json

import pytest

from harness.gateway_events import FORMS, POLICY_FORMS, allows, arn, event, is_sound
from harness.service import Service, problem

CONTEXT = {"sub", "username", "email", "user_id", "provider", "org_id", "org_role", "global_role", "groups", "scopes",
           "session_id", "environment", "groups_truncated"}
RULES = [
    {"method": "GET", "path": "/health", "require": "anonymous"},
    {"method": "*", "path": "/admin/**", "require": {"global_role": "platform_admin"}},
    {"method": ["POST", "DELETE"], "path": "/orders", "require": {"scope": "orders:write"}},
]


@pytest.fixture(scope="module")
def service(folder, database, okta, clerk):
    database.settle_bootstrap()
    service = Service(folder, database.service_url, okta, clerk, VESTIBULE_UNPROVISIONED="allow", ENVIRONMENT="stage")
    yield service
    assert service.stop() == 0, service.output()[-4000:]


@pytest.fixture(scope="module")
def ruled(folder, database, okta):
    database.settle_bootstrap()
    path = folder / "rules.json5"
    path.write_text(json.dumps({"routes": RULES}))
    service = Service(folder, database.service_url, okta, VESTIBULE_UNPROVISIONED="allow",
                      config=path)
    yield service
    assert service.stop() == 0, service.output()[-4000:]


def ask(service, event, **more):
    return service.request("POST", "/authorize/aws", json=event, **more)


@pytest.mark.parametrize("form", POLICY_FORMS)
def test_a_good_token_gets_a_policy_for_the_whole_stage(service, okta, form):
    token = okta.token("ada@example.com", groups=["Everyone", "R&D, Berlin"])
    response = ask(service, event(form, token))
    assert response.status_code == 200, response.text
    answer = response.json()
    is_sound(answer)
    assert set(answer) == {"principalId", "policyDocument", "context"}
    assert answer["principalId"] == okta.subject("ada@example.com")
    assert set(answer["context"]) <= CONTEXT
    assert answer["context"]["email"] == answer["context"]["username"] == "ada@example.com"
    assert answer["context"]["provider"] == "okta" and answer["context"]["environment"] == "stage"
    assert answer["context"]["groups"] == "Everyone,R&D%2C Berlin"
    assert answer["context"]["scopes"] == "openid profile email"
    document = answer["policyDocument"]
    if form == "websocket":
        assert allows(document, arn().split("/")[0] + "/prod/$connect")
    else:
        assert allows(document, arn()) and allows(document, arn("DELETE", "/elsewhere"))
    assert not allows(document, arn(stage="dev")) and not allows(document, arn(api="other00000"))


def test_version_2_gets_a_boolean(service, clerk):
    response = ask(service, event("http_2", clerk.token("ada@example.com")))
    assert response.status_code == 200, response.text
    answer = response.json()
    assert set(answer) == {"isAuthorized", "context"} and answer["isAuthorized"] is True
    assert answer["context"]["session_id"].startswith("sess_")
    assert "groups" not in answer["context"] and "org_id" not in answer["context"]


@pytest.mark.parametrize("form", FORMS)
def test_missing_and_bad_tokens_are_401(service, okta, form):
    assert problem(ask(service, event(form, None))) == "token_missing"
    assert problem(ask(service, event(form, "x.y.z"))) == "token_malformed"
    response = ask(service, event(form, okta.token("ada@example.com", exp=1)))
    assert response.status_code == 401 and problem(response) == "token_expired"


def test_the_session_cookie_carries_the_token(service, clerk):
    token = clerk.token("ada@example.com")
    assert ask(service, event("http_2", None, cookies=["a=b", f"__session={token}"])).json()["isAuthorized"] is True
    assert ask(service, event("rest_request", None, headers={"Cookie": f"a=b; __session={token}"})).status_code == 200
    twice = event("http_2", None, cookies=[f"__session={token}", f"__session={token}"])
    assert ask(service, twice).status_code == 400


def changed(event, **changes):
    return {name: value for name, value in (event | changes).items() if value is not ...}


def test_one_token_and_no_more(service, okta):
    token = okta.token("ada@example.com")
    good = event("rest_request", token)
    joined = changed(good, headers={"Authorization": f"Bearer {token}, Bearer {token}"}, multiValueHeaders=None)
    assert problem(ask(service, joined)) == "bad_request"
    several = changed(good, multiValueHeaders={"authorization": [f"Bearer {token}", f"Bearer {token}"]})
    assert problem(ask(service, several)) == "bad_request"
    cases = changed(good, multiValueHeaders=None,
                    headers={"Authorization": f"Bearer {token}", "authorization": "Bearer other"})
    assert problem(ask(service, cases)) == "bad_request"
    lower = changed(good, multiValueHeaders=None, headers={"aUTHORIZATION": f"bearer {token}"})
    assert ask(service, lower).status_code == 200


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"{}", b'{"type": "TOKEN"}', b'{"type": "OTHER", "methodArn": "x"}',
    b'{"type": "TOKEN", "methodArn": "*", "authorizationToken": "Bearer x"}',
    b'{"type": "TOKEN", "methodArn": "arn:aws:execute-api:eu:1:*/prod/GET/", "authorizationToken": "Bearer x"}',
    b'{"version": "3.0", "type": "REQUEST"}', b'{"type": "TOKEN", "type": "REQUEST"}'])
def test_what_is_no_event_is_a_bad_request(service, body):
    response = service.request("POST", "/authorize/aws", content=body)
    assert response.status_code == 400 and problem(response) == "bad_request"


@pytest.mark.parametrize("form", ["rest_token", "http_2"])
def test_a_group_s_name_is_one_line_of_one_group(service, okta, form):
    """Gateways make headers of the context."""
    response = ask(service, event(form, okta.token("ada@example.com", groups=["a,b", "50%", "é\r\nX-Admin: 1", "x\u007f"])))
    assert response.json()["context"]["groups"] == "a%2Cb,50%25,é%0D%0AX-Admin: 1,x%7F"


@pytest.mark.parametrize("count", [0, 100, 200, 240, 280])
@pytest.mark.parametrize("form", ["rest_token", "http_2"])
def test_answers_stay_below_8_kilobytes(service, okta, form, count):
    groups = [f"group-{number:03}-of-the-company-{'é' * 2}" for number in range(count)]
    response = ask(service, event(form, okta.token("ada@example.com", groups=groups)))
    assert response.status_code == 200 and len(response.content) < 8192
    context = response.json()["context"]
    sent = context.get("groups", "").split(",") if count else []
    assert sent == groups[:len(sent)]
    assert context.get("groups_truncated", False) is (len(sent) < len(groups))
    if len(sent) < len(groups):
        assert len(response.content) > 8192 - 60


def test_only_a_gateway_may_ask(folder, database, okta, start):
    database.settle_bootstrap()
    closed = start(database.service_url, okta, VESTIBULE_TRUSTED_PROXIES="10.0.0.0/8")
    assert problem(ask(closed, event("http_2", okta.token("ada@example.com")))) == "forbidden"


def test_verified_but_not_allowed_is_a_denial(database, okta, start):
    database.settle_bootstrap()
    strict = start(database.service_url, okta)
    token = okta.token("stranger@nowhere.example")
    response = ask(strict, event("http_2", token))
    assert response.status_code == 200 and response.json()["isAuthorized"] is False
    response = ask(strict, event("rest_token", token))
    assert response.status_code == 200
    assert {statement["Effect"] for statement in response.json()["policyDocument"]["Statement"]} == {"Deny"}
    assert not allows(response.json()["policyDocument"], arn())


def test_policy_form_for_version_2_and_usage_key_where_configured(database, okta, start):
    database.settle_bootstrap()
    service = start(database.service_url, okta, VESTIBULE_AWS_SIMPLE_RESPONSES="false", VESTIBULE_AWS_USAGE_KEY="sub",
                    VESTIBULE_UNPROVISIONED="allow")
    answer = ask(service, event("http_2", okta.token("ada@example.com"))).json()
    assert answer["usageIdentifierKey"] == answer["principalId"] == okta.subject("ada@example.com")
    assert allows(answer["policyDocument"], arn(stage="$default"))
    assert problem(ask(service, event("http_2", None))) == "token_missing"


@pytest.mark.parametrize("form", ["rest_token", "rest_request", "http_1"])
def test_a_policy_says_the_same_as_the_rules_for_the_whole_stage(ruled, okta, form):
    for path, method in (("/orders/1", "GET"), ("/admin/users", "GET"), ("/orders", "POST"), ("/health", "GET")):
        answer = ask(ruled, event(form, okta.token("ada@example.com"), path=path, method=method)).json()
        is_sound(answer)
        document = answer["policyDocument"]
        for method, path, expected in [
                ("GET", "/orders/1", True), ("GET", "/", True), ("GET", "/health", True), ("GET", "/orders", True),
                ("POST", "/orders", False), ("POST", "/orders/", False), ("POST", "/orders/1", True),
                ("DELETE", "/orders", False), ("GET", "/admin", False), ("GET", "/admin/", False),
                ("PUT", "/admin/users/1", False), ("GET", "/administrators", True), ("GET", "/%61dmin/x", False),
                ("GET", "/x/../admin", False), ("GET", "//admin", False), ("GET", "/x%2fadmin", False)]:
            assert allows(document, arn(method, path)) is expected, (method, path, document)
        assert not allows(document, arn(stage="dev"))


def test_with_rules_version_2_is_about_the_request(ruled, okta):
    token = okta.token("ada@example.com")
    for method, path, expected in [("GET", "/orders/1", True), ("GET", "/admin/x", False), ("POST", "/orders", False)]:
        answer = ask(ruled, event("http_2", token, method=method, path=path)).json()
        assert answer["isAuthorized"] is expected, (method, path)
    writer = okta.token("ada@example.com", scp=["orders:write"])
    assert ask(ruled, event("http_2", writer, method="POST", path="/orders")).json()["isAuthorized"] is True
    assert problem(ask(ruled, event("http_2", token, path="/x/../admin"))) == "path_ambiguous"


def test_a_path_that_is_a_pattern_opens_nothing(ruled, okta):
    for path in ("/*", "/orders/?", "/${aws:username}"):
        response = ask(ruled, event("rest_token", okta.token("ada@example.com"), path=path))
        if response.status_code == 200:
            is_sound(response.json())
            assert not allows(response.json()["policyDocument"], arn("GET", "/admin/users"))


def test_an_anonymous_route_needs_no_token(ruled):
    answer = ask(ruled, event("rest_request", None, path="/health")).json()
    assert allows(answer["policyDocument"], arn("GET", "/health"))
    assert not allows(answer["policyDocument"], arn("GET", "/orders/1"))
    assert ask(ruled, event("http_2", None, path="/health")).json()["isAuthorized"] is True


def test_an_outage_is_no_denial(fresh_database, start, host):
    fresh_database.settle_bootstrap()
    away = host.issuer("okta")
    away.jwks_status = 500
    service = start(fresh_database.service_url, away, ready=False)
    for form in FORMS:
        response = ask(service, event(form, away.token("ada@example.com")))
        assert response.status_code == 503 and problem(response) == "jwks_unavailable"


@pytest.mark.parametrize("count", [2, 60])
def test_rules_that_do_not_fit_are_said_for_the_request_alone(folder, database, okta, start, count):
    database.settle_bootstrap()
    path = folder / f"many-{count}.json5"
    path.write_text(json.dumps({"routes": [
        {"method": "GET", "path": f"/area-{number}/reports/**", "require": {"scope": "reports"}}
        for number in range(count)]}))
    service = start(database.service_url, okta, VESTIBULE_UNPROVISIONED="allow", config=path)
    response = ask(service, event("rest_request", okta.token("ada@example.com")))
    assert len(response.content) < 8192
    document = response.json()["policyDocument"]
    is_sound(response.json())
    assert allows(document, arn()) and not allows(document, arn("GET", "/area-1/reports/7"))
    assert allows(document, arn("GET", "/elsewhere")) is (count == 2)
    assert (document["Statement"][0]["Resource"] == arn()) is (count == 60)


def test_orgs_in_paths_are_the_callers_own(folder, database, okta, start):
    database.settle_bootstrap()
    org = database.org("aws-org")
    database.invite(org, "orla@example.com", "org_admin")
    path = folder / "orgs.json5"
    path.write_text(json.dumps({"routes": [
        {"method": "*", "path": "/orgs/{org_id}/**", "require": {"org_role": "org_user"}}]}))
    service = start(database.service_url, okta, config=path)
    token = okta.token("orla@example.com")
    answer = ask(service, event("rest_request", token, path=f"/orgs/{org}/members")).json()
    is_sound(answer)
    assert answer["context"]["org_id"] == str(org) and answer["context"]["org_role"] == "org_admin"
    other = "00000000-0000-7000-8000-000000000001"
    assert allows(answer["policyDocument"], arn("POST", f"/orgs/{org}/invites"))
    assert not allows(answer["policyDocument"], arn("GET", f"/orgs/{other}/members"))
    answer = ask(service, event("rest_request", token, path=f"/orgs/{other}/members")).json()
    assert not allows(answer["policyDocument"], arn("GET", f"/orgs/{other}/members"))
    answer = ask(service, event("rest_request", token, path="/elsewhere")).json()
    assert allows(answer["policyDocument"], arn("GET", "/elsewhere"))
    assert not allows(answer["policyDocument"], arn("GET", f"/orgs/{other}/members"))
    header = {"X-Org-Id": other}
    assert ask(service, event("http_2", token, path="/elsewhere", headers=header)).json()["isAuthorized"] is False

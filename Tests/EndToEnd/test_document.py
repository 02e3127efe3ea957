"""The API document: whole, sound, and what the service really does."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

#: What the contract promises, besides the operations of gateways.
PROMISED = """
GET PUT DELETE /profiles/me
PUT /profiles/me/current-org
POST /profiles/me/login
POST /profiles/me/logout
POST /identities
POST /identities/provision
GET DELETE /identities/{id}
POST /identities/{id}/reactivate
GET POST /orgs
GET PUT DELETE /orgs/{org_id}
GET POST /orgs/{org_id}/members
PUT DELETE /orgs/{org_id}/members/{user_id}
GET POST /orgs/{org_id}/invites
DELETE /orgs/{org_id}/invites/{invite_id}
POST /orgs/{org_id}/invites/{invite_id}/resend
GET POST /orgs/{org_id}/domains
PUT DELETE /orgs/{org_id}/domains/{domain_id}
POST /orgs/{org_id}/domains/{domain_id}/verify
GET /orgs/{org_id}/audit
GET /admin/idp-config
GET /admin/idp-config/active
GET PUT /admin/idp-config/{provider}
POST /admin/idp-config/{provider}/activate
POST /admin/idp-config/{provider}/test
GET /admin/idp-config/audit
GET /idp-config/active
GET /admin/users
PUT /admin/users/{id}
GET /admin/audit
GET /admin/auth-events
GET POST /scim/v2/Users
GET PUT PATCH DELETE /scim/v2/Users/{id}
GET POST /scim/v2/Groups
GET PUT PATCH DELETE /scim/v2/Groups/{id}
GET /scim/v2/ServiceProviderConfig
GET /scim/v2/ResourceTypes
GET /scim/v2/Schemas
GET /healthz
GET /readyz
GET /metrics
GET /openapi.json
GET /docs
"""


@pytest.fixture(scope="module")
def document(service) -> dict:
    answer = service.get("/openapi.json")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json()


def test_every_route_is_described(document):
    assert document.get("x-undescribed", []) == [], "add .described(…) to these routes"


def test_the_document_is_sound(document):
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()
    ids = [operation["operationId"] for path in document["paths"].values()
           for operation in path.values() if isinstance(operation, dict)]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[a-z][A-Za-z0-9_]+", name) for name in ids)


def test_what_is_promised_is_there(document):
    for line in PROMISED.split("\n"):
        *methods, path = line.split() or [None]
        for method in methods:
            assert method.lower() in document["paths"][path], line


def test_aliases_are_named(document):
    for path, item in document["paths"].items():
        if path == "/orgs" or path.startswith("/orgs/"):
            assert item["x-aliases"] == [path.replace("/orgs", "/organizations", 1)]


def test_a_path_allows_what_the_document_says_and_no_more(service, document):
    for path, item in document["paths"].items():
        described = {method.upper() for method, operation in item.items() if isinstance(operation, dict)}
        if path.startswith("/authorize/") and len(described) > 1:
            continue  # A gateway's question may have any method.
        address = re.sub(r"\{\w+\}", "0190a000-0000-7000-8000-000000000000", path)
        answer = service.request("OPTIONS", address)
        allowed = set(answer.headers["Allow"].split(", "))
        assert answer.status_code == 204
        assert allowed - {"OPTIONS", "HEAD"} == described, path
        assert ("HEAD" in allowed) == ("GET" in described), path
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - described:
            refused = service.request(method, address)
            assert refused.status_code == 405 and set(refused.headers["Allow"].split(", ")) == allowed, (method, path)


def test_head_is_get_without_a_body(service, document):
    for path in ("/openapi.json", "/docs", "/docs/style.css", "/healthz"):
        got, head = service.get(path), service.request("HEAD", path)
        assert head.status_code == got.status_code == 200 and head.content == b""
        assert head.headers["Content-Length"] == str(len(got.content))


def test_the_page_needs_nothing_from_elsewhere(service, document):
    answer = service.get("/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in answer.text and "style=" not in answer.text
    for address in re.findall(r'(?:src|href)="([^"]*)"', answer.text):
        assert address.startswith("#") or address == "/docs/style.css", address
    for path, item in document["paths"].items():
        assert f"<code>{path}</code>" in answer.text
    style = service.get("/docs/style.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8" and "url(" not in style.text

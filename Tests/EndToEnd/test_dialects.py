"""CONTRACT section 4 at the service itself: what each path believes of the headers that come with a question."""

import itertools
import socket

import pytest

from harness.gateway_events import event
from harness.service import Service, problem

#: The headers in which each dialect tells method, path and host of the original request; None: the request's own.
TELLS = {
    "nginx": ("X-Original-Method", "X-Original-URI", None),
    "haproxy": ("X-Original-Method", "X-Original-URI", None),
    "generic": ("X-Original-Method", "X-Original-URI", "X-Original-Host"),
    "traefik": ("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"),
    "caddy": ("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"),
    "envoy": (None, None, None),
}
SAID = sorted({name for names in TELLS.values() for name in names if name})
IDENTITY = ("X-Auth-User-Id", "X-Auth-Subject", "X-Auth-Provider", "X-Auth-Email", "X-Auth-Org-Id", "X-Auth-Org-Role",
            "X-Auth-Global-Role", "X-Auth-Groups", "X-Auth-Scopes", "X-Auth-Assertion")

ROUTES = """{ routes: [
    { path: "/public/**", require: "anonymous" },
    { host: "admin.example.com", path: "/**", require: { global_role: "platform_owner" } },
    { path: "/admin/**", require: { global_role: "platform_owner" } },
    { method: "DELETE", path: "/things/*", require: { global_role: "platform_owner" } },
] }"""


@pytest.fixture(scope="module")
def token(service, database, okta):
    database.invite(database.org("dialects"), "ada@example.com")
    assert service.provision(okta.token("ada@example.com")).status_code == 201
    return okta.token("ada@example.com")


@pytest.fixture(scope="module")
def ruled(folder, database, okta, token):
    path = folder / "dialects.json5"
    path.write_text(ROUTES)
    service = Service(folder, database.service_url, okta, config=path)
    yield service
    assert service.stop() == 0, service.output()[-4000:]


def ask(service, dialect: str, token: str | None, method: str | None = "GET", path: str | None = "/things/1",
        host: str | None = "api.example.com", more=()):
    """The question as the gateway asks it, sent without a client library that would tidy it: status and body."""
    said = list(more)
    for name, value in zip(TELLS[dialect], (method, path, host)):
        if name and value is not None:
            said.append((name, value))
    tells_host = TELLS[dialect][2]
    head = f"{method if dialect == 'envoy' else 'GET'} /authorize/{dialect}{path if dialect == 'envoy' else ''} HTTP/1.1"
    fields = [("Host", "vestibule.internal" if tells_host else host)] + said
    if token is not None:
        fields.append(("Authorization", f"Bearer {token}"))
    text = head + "\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", service.port), 20) as connection:
        connection.sendall(text.encode("latin-1"))
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return int(answer.split(b" ", 2)[1]), answer.decode("latin-1")


def refused(answer, code: str = "bad_request") -> bool:
    return answer[0] == 400 and f'"code":"{code}"' in answer[1]


@pytest.mark.parametrize("dialect", TELLS)
def test_every_dialect_answers(service, token, dialect):
    status, answer = ask(service, dialect, token)
    assert status == 200
    for name in IDENTITY[:-1]:
        assert answer.count(f"\r\n{name}: ") == 1, name
    assert ask(service, dialect, None)[0] == 401


ALIASES = ("X_Auth_User_Id", "x_auth_email", "X-Auth_Org-Role", "X_Auth-Global-Role", "X_Org_Id", "x-org_id",
           "X_Forwarded_For", "X_Forwarded_Host", "X_Original_URI", "X_Original_Method", "X_Forwarded_Uri", "X_Request_Id",
           "X.Auth.User.Id", "X_API_Key", "Content_Length", "Transfer_Encoding")


@pytest.mark.parametrize("dialect", TELLS)
def test_aliases_of_security_headers_are_refused(service, token, dialect):
    for alias in ALIASES:
        assert refused(ask(service, dialect, token, more=[(alias, "1")])), alias
    # What only looks like one is nobody's.
    for name in ("X_Custom_Header", "X-Auth-Userid", "XAuthUserId", "X_Auth", "_"):
        assert ask(service, dialect, token, more=[(name, "1")])[0] == 200, name


@pytest.mark.parametrize("dialect", TELLS)
def test_repeated_security_headers_are_refused(service, token, dialect):
    own = [name for name in TELLS[dialect] if name]
    for name in (*own, "X-Org-Id", *IDENTITY):
        twice = [(name, "GET")] if name in own else [(name, ""), (name.lower(), "")]
        assert refused(ask(service, dialect, token, more=twice)), name
    assert refused(ask(service, dialect, token, more=[("Authorization", f"Bearer {token}")]))
    # Another dialect's are not looked at, and a client's single one is replaced by the answer.
    others = [(name, "/admin/x") for name in SAID if name not in own]
    assert ask(service, dialect, token, more=others + others)[0] == 200
    assert ask(service, dialect, token, more=[(name, "forged") for name in IDENTITY])[0] == 200
    # A list may come in several lines (RFC 9110 section 5.3).
    assert ask(service, dialect, token, more=[("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-For", "192.0.2.2")])[0] == 200


@pytest.mark.parametrize("dialect", TELLS)
def test_joined_security_headers_are_refused(service, token, dialect):
    method, _, host = TELLS[dialect]
    assert refused(ask(service, dialect, token, more=[("X-Org-Id", "a, b")]))
    assert refused(ask(service, dialect, None, more=[("Authorization", f"Bearer {token}, Bearer {token}")]))
    if method:
        assert refused(ask(service, dialect, token, method="GET, DELETE"))
    if host:
        assert refused(ask(service, dialect, token, host="api.example.com, admin.example.com"))
    # Commas are at home in a path.
    assert ask(service, dialect, token, path="/things/1,2?x=1,2")[0] == 200


@pytest.mark.parametrize("dialect", TELLS)
def test_only_the_dialects_own_headers_tell_the_request(ruled, token, dialect):
    own = [name for name in TELLS[dialect] if name]
    lies = [(name, {"M": "GET", "U": "/public/x", "H": "api.example.com"}[name.rsplit("-", 1)[1][0]])
            for name in SAID if name not in own]
    assert ask(ruled, dialect, token)[0] == 200
    assert ask(ruled, dialect, token, path="/admin/x", more=lies)[0] == 403
    assert ask(ruled, dialect, None, path="/admin/x", more=lies)[0] == 401
    assert ask(ruled, dialect, token, method="DELETE", more=lies)[0] == 403
    assert ask(ruled, dialect, token, host="admin.example.com", more=lies)[0] == 403
    if dialect == "envoy":
        return
    # What the gateway did not say is not made up of what the client says.
    assert refused(ask(ruled, dialect, token, method=None, more=lies))
    assert refused(ask(ruled, dialect, token, path=None, more=lies))
    assert refused(ask(ruled, dialect, None, path="", more=lies))
    if TELLS[dialect][2]:
        assert refused(ask(ruled, dialect, token, host=None, more=lies))


@pytest.mark.parametrize("dialect", TELLS)
def test_an_anonymous_route_takes_no_token_and_no_bad_one(ruled, okta, token, dialect):
    status, answer = ask(ruled, dialect, None, path="/public/x")
    assert status == 200
    for name in IDENTITY[:-1]:
        assert answer.count(f"\r\n{name}: \r\n") == 1, name
    for bad in ("broken", okta.token("ada@example.com", exp=1)):
        status, answer = ask(ruled, dialect, bad, path="/public/x")
        assert status == 401 and "\r\nWWW-Authenticate: Bearer " in answer and "invalid_token" in answer
    status, answer = ask(ruled, dialect, token, path="/public/x")
    assert status == 200 and "\r\nX-Auth-Email: \r\n" not in answer


@pytest.mark.parametrize("dialect", TELLS)
def test_hosts_and_methods_have_one_spelling(ruled, token, dialect):
    for host in ("ADMIN.example.com", "admin.example.com:8443", "admin.example.com.", "Admin.Example.Com.:1"):
        assert ask(ruled, dialect, token, host=host)[0] == 403, host
    for host in ("admin.example.com..", "%61dmin.example.com", "admin.example.com%00", "user@admin.example.com", ".", ":1"):
        assert ask(ruled, dialect, token, host=host)[0] == 400, host
    for method in ("delete", "Delete", "DELETe"):
        assert refused(ask(ruled, dialect, token, method=method)), method


AMBIGUOUS = (
    "/public/../admin/x", "/public/./x", "/public/..", "/public/.", "/public//x", "//public/x", "/public/x//",
    "/public/%2e%2e/admin/x", "/public/%2E%2E/admin/x", "/public/.%2e/admin/x", "/public/%2e/x", "/public/..%2fadmin/x",
    "/public%2Fx", "/public/%5c..%5cadmin", "/public/\\..\\admin", "/public/..;/admin/x", "/public/x;y=1",
    "/public/..%3b/admin", "/public/%00", "/public/%01", "/public/%7f", "/public/%0d%0aX-Auth-Email:x", "/public/%c0%ae",
    "/public/%ff", "/public/%ed%a0%80", "/public/%c2%80", "/public/%252e%252e/admin/x", "/public/%25252fadmin", "/public/%",
    "/public/%2", "/public/%zz", "/public/%3fx", "/public/%23x", "/public/\u00e9", "public/x", "*",
    "http://api.example.com/public/x")
#: What the HTTP parser refuses before a dialect is looked at, where it stands in the request line itself.
IN_A_FIELD_ONLY = ("/public/x#/../admin", "/public/\t/x", "/public/a b")


@pytest.mark.parametrize("dialect", TELLS)
def test_a_path_that_can_be_read_in_two_ways_is_refused(ruled, token, dialect):
    for path, person in itertools.product(AMBIGUOUS + IN_A_FIELD_ONLY, (token, None)):
        if dialect == "envoy" and (not path.startswith("/") or path in IN_A_FIELD_ONLY or not path.isascii()):
            assert ask(ruled, dialect, person, path=path)[0] in (400, 404), path
        else:
            assert refused(ask(ruled, dialect, person, path=path), "path_ambiguous"), path
    for path in ("/public/x", "/public/x?a=/../b//c;%2f", "/public/%78", "/public/%7Ex", "/public/%E2%82%AC", "/public/a%20b",
                 "/public/x/", "/public", "/public/...", "/public/.x", "/public/a,b@c:d&e=f+g$h!"):
        assert ask(ruled, dialect, None, path=path)[0] == 200, path
    # One decoding of what need not be encoded is the same path.
    assert ask(ruled, dialect, token, path="/%61dmin/x")[0] == 403


@pytest.mark.parametrize("path", [path for path in AMBIGUOUS if path.startswith("/") and path.isascii()])
def test_an_aws_event_with_such_a_path_is_refused(ruled, token, path):
    response = ruled.request("POST", "/authorize/aws", json=event("http_2", token, path=path, headers={
        "Host": "api.example.com"}))
    assert response.status_code == 400 and problem(response) in ("path_ambiguous", "bad_request"), response.text


def test_aws_events_hold_their_headers_to_the_same(service, ruled, okta, token):
    for form, headers in itertools.product(
            ("rest_request", "http_1", "http_2", "websocket"), ({"X_Org_Id": "x"}, {"x_auth_user_id": "x"}, {"X-Org-Id": "a,b"})):
        response = service.request("POST", "/authorize/aws", json=event(form, token, headers=headers))
        assert response.status_code == 400 and problem(response) == "bad_request", (form, headers)
    # Where a rule names a host, an event that tells none is nobody's to judge.
    for form, status in (("rest_token", 400), ("rest_request", 200)):
        assert ruled.request("POST", "/authorize/aws", json=event(form, token)).status_code == status
    assert ruled.request("POST", "/authorize/aws", json=event("http_2", token, method="delete")).status_code == 400


def test_traefiks_question(ruled, token):
    """As Traefik 3 asks with `trustForwardHeader: false`: its own X-Forwarded headers, the client's filtered."""
    def traefik(method, uri, *more):
        return ask(ruled, "traefik", token, method, uri, more=[
            ("User-Agent", "curl/8.0"), ("Accept-Encoding", "gzip"), ("X-Forwarded-For", "192.0.2.7"),
            ("X-Forwarded-Port", "443"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Server", "edge-1"),
            ("X-Real-Ip", "192.0.2.7"), *more])[0]

    assert traefik("GET", "/things/1?x=y") == 200
    assert traefik("DELETE", "/things/1") == 403
    assert traefik("GET", "/admin/x") == 403
    assert traefik("GET", "/things/1", ("X_Auth_User_Id", "forged")) == 400

"""CONTRACT section 4 through real gateways: what reaches the upstream, and what the client sees."""

import json
import posixpath
from urllib.parse import unquote

import pytest

from conftest import KINDS, Gateway
from harness.programs import eventually, free_port

IDENTITY = ("x-auth-user-id", "x-auth-subject", "x-auth-provider", "x-auth-email", "x-auth-org-id", "x-auth-org-role",
            "x-auth-global-role", "x-auth-groups", "x-auth-scopes", "x-auth-assertion")


def identity_of(answer) -> dict:
    """The identity headers that the upstream got; an empty one counts as none."""
    headers = answer.seen["headers"]
    assert all(len(headers.get(name, [""])) == 1 for name in IDENTITY), headers
    return {name: headers[name][0] for name in IDENTITY if headers.get(name, [""])[0]}


def test_no_token_is_401_and_never_reaches_the_upstream(gateway, world):
    answer = gateway.send(target="/things")
    assert answer.status == 401
    assert answer.header("WWW-Authenticate").startswith("Bearer")
    assert world.upstream.seen == []


@pytest.mark.parametrize("token", ["broken", "a.b.c"])
def test_a_bad_token_is_401(gateway, world, token):
    answer = gateway.send(token=token)
    assert answer.status == 401
    assert "error=" in answer.header("WWW-Authenticate")
    assert world.upstream.seen == []


def test_an_expired_and_a_forged_token_are_401(gateway, world):
    assert gateway.send(token=world.token(exp=1)).status == 401
    assert gateway.send(token=world.clerk.key.token(world.okta.claims("ada@example.com"))).status == 401
    assert world.upstream.seen == []


def test_a_good_token_passes_with_the_identity(gateway, world):
    answer = gateway.send(target="/things?a=1&b=%20", token=world.token())
    assert answer.status == 200, answer.body
    assert answer.seen["path"] == "/things?a=1&b=%20"
    user = str(world.database.one("SELECT id FROM auth.users WHERE email = 'ada@example.com'"))
    assert identity_of(answer) == {
        "x-auth-user-id": user, "x-auth-subject": world.okta.subject("ada@example.com"), "x-auth-provider": "okta",
        "x-auth-email": "ada@example.com", "x-auth-org-id": world.org, "x-auth-org-role": "org_admin",
        "x-auth-global-role": "global_user", "x-auth-scopes": "openid profile email"}


def test_a_newcomer_is_provisioned_inline(gateway, world):
    email = f"newcomer-{gateway.kind}@example.com"
    stranger = gateway.send(token=world.token(email))
    assert stranger.status == 403
    world.database.invite(world.org, email)
    # A refused newcomer is remembered briefly, but not beyond the invite.
    answer = eventually(
        lambda: (found := gateway.send(token=world.token(email))).status == 200 and found, "the invited newcomer", 10)
    assert identity_of(answer)["x-auth-org-role"] == "org_user"


FORGED = [(name, "forged") for name in IDENTITY] + [
    ("X-AUTH-GLOBAL-ROLE", "forged"), ("X-Auth-User-Id", "forged again")]
ALIASES = [(name, "forged") for name in (
    "X_Auth_User_Id", "x_auth_email", "X-Auth_Org-Role", "X_Org_Id", "X-Org_Id", "X_Request_Id", "X_Forwarded_For")]


def test_forged_identity_headers_never_reach_the_upstream(gateway, world):
    """Also where there is nothing to say."""
    answer = gateway.send(token=world.token(scp=None, groups=None), headers=FORGED)
    assert answer.status == 200, answer.body
    assert not any("forged" in value for _, value in json.loads(answer.body)["headers"])
    assert "x-auth-scopes" not in identity_of(answer)


@pytest.mark.parametrize("name, value", ALIASES)
def test_aliases_never_reach_the_upstream(gateway, world, name, value):
    """Some gateways drop them, others pass them on to Vestibule, which refuses them."""
    answer = gateway.send(token=world.token(), headers=[(name, value)])
    assert answer.status in (200, 400), answer.body
    assert not any("forged" in value for seen in world.upstream.seen for _, value in seen["headers"])


def test_forged_headers_do_not_help_without_a_token(gateway, world):
    assert gateway.send(headers=FORGED).status == 401
    assert world.upstream.seen == []


def test_the_org_of_the_header_must_be_ones_own(gateway, world):
    mine = gateway.send(token=world.token(), headers=[("X-Org-Id", world.org)])
    assert mine.status == 200 and identity_of(mine)["x-auth-org-id"] == world.org
    world.upstream.seen.clear()
    for org in (world.other, "00000000-0000-4000-8000-000000000000"):
        assert gateway.send(token=world.token(), headers=[("X-Org-Id", org)]).status == 403
    assert world.upstream.seen == []


def test_the_clerk_cookie_passes(gateway, world):
    email = f"clerk-{gateway.kind}@example.com"
    world.database.invite(world.org, email)
    answer = gateway.send(headers=[("Cookie", f"theme=dark; __session={world.clerk.token(email)}")])
    assert answer.status == 200, answer.body
    assert identity_of(answer)["x-auth-provider"] == "clerk"


def test_two_authorizations_never_pass(gateway, world):
    good, other = world.token(), world.token("grace@example.com")
    answer = gateway.send(token=good, headers=[("Authorization", f"Bearer {other}")])
    assert answer.status >= 400
    assert world.upstream.seen == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_method_and_body_reach_the_upstream_whole(gateway, world, method):
    body = b"" if method == "GET" else bytes(range(32, 127)) * 100
    answer = gateway.send(method, "/echo", token=world.token(), body=body)
    assert answer.status == 200
    assert (answer.seen["method"], answer.seen["body"].encode("latin-1")) == (method, body)


def test_a_large_token_passes(gateway, world):
    token = world.token(groups=[f"group-{number}" for number in range(700)])
    assert 10_000 < len(token) < 16_384
    assert gateway.send(token=token).status == 200


def test_the_database_being_away_is_no_allow(gateway, world):
    """Of a person that this instance has not seen: an error that is ours, and the upstream is not reached."""
    world.relay.cut()
    try:
        answer = gateway.send(token=world.token(f"unseen-{gateway.kind}@example.com"))
        assert answer.status in (500, 502, 503), answer.body
        assert world.upstream.seen == []
    finally:
        world.relay.mend()
    eventually(lambda: gateway.send(token=world.token()).status == 200, "recovery", 20)


@pytest.mark.parametrize("kind", KINDS)
def test_vestibule_being_away_is_no_allow(world, kind, tmp_path):
    gateway = Gateway(kind, tmp_path, free_port(), world.upstream)
    world.upstream.seen.clear()
    try:
        for headers in ([], FORGED):
            assert gateway.send(token=world.token(), headers=headers).status in (500, 502, 503)
        assert world.upstream.seen == []
    finally:
        gateway.stop()


# Route rules: /public/** anybody, /admin/** the platform owner, DELETE /things/* the platform owner.


def test_rules_are_held(ruled, world):
    owner = world.token("owner@example.com")
    assert ruled.send(target="/public/page").status == 200
    assert ruled.send(target="/public/page", token="broken").status == 401
    assert ruled.send(target="/things/1").status == 401
    assert ruled.send(target="/things/1", token=world.token()).status == 200
    assert ruled.send(target="/admin/x", token=world.token()).status == 403
    assert ruled.send(target="/admin/x", token=owner).status == 200
    assert ruled.send("DELETE", "/things/1", token=world.token()).status == 403
    assert ruled.send("DELETE", "/things/1", token=owner).status == 200
    assert ruled.send(target=f"/orgs/{world.org}/x", token=world.token()).status == 200
    assert ruled.send(target=f"/orgs/{world.other}/x", token=world.token()).status == 403


def test_an_anonymous_pass_has_no_identity(ruled):
    answer = ruled.send(target="/public/page", headers=FORGED)
    assert answer.status == 200 and identity_of(answer) == {}


LIES = [("X-Original-URI", "/public/page"), ("X-Original-Method", "GET"), ("X-Forwarded-Uri", "/public/page"),
        ("X-Forwarded-Method", "GET"), ("X-Original-URL", "/public/page"), ("X-Rewrite-URL", "/public/page"),
        ("X-HTTP-Method-Override", "GET"), ("X-Envoy-Original-Path", "/public/page"),
        ("X_Original_URI", "/public/page")]


def test_a_client_cannot_say_what_it_asks_for(ruled, world):
    assert ruled.send(target="/admin/x", token=world.token(), headers=LIES).status in (400, 403)
    assert ruled.send("DELETE", "/things/1", token=world.token(), headers=LIES).status in (400, 403)
    assert ruled.send(target="/admin/x", headers=LIES).status in (400, 401)
    assert world.upstream.seen == []


TRICKS = [
    "/public/../admin/x", "/public/./../admin/x", "/public/%2e%2e/admin/x", "/public/%2E%2E/admin/x",
    "/public/..%2fadmin/x", "/public/..%2Fadmin/x", "/public%2f..%2fadmin/x", "/public/%252e%252e/admin/x",
    "//admin/x", "/public//../admin/x", "/public/..;/admin/x", "/public/..%3b/admin/x", "/public/..\\admin\\x",
    "/public/..%5cadmin%5cx", "/admin;x=1/x", "/public/..%00/admin/x", "/%61dmin/x", "/adm%69n/x", "/public/%c0%ae%c0%ae/admin/x",
    "/public/.%2e/admin/x", "/./admin/x", "/x/../admin/x", "/public/\xe2\x80\xae/../admin/x",
    "http://127.0.0.1/admin/x", "http://127.0.0.1/public/../admin/x",
]


def leads_to_admin(path: str) -> bool:
    """Whether a service that decodes once or twice, and tidies, could take the path for one below /admin."""
    readings = {path, unquote(path), unquote(unquote(path))}
    readings |= {reading.replace("\\", "/") for reading in readings}
    readings |= {"/".join(part.split(";")[0] for part in reading.split("/")) for reading in readings}
    return any(posixpath.normpath("/" + reading.split("?")[0].lstrip("/")).startswith("/admin") for reading in readings)


@pytest.mark.parametrize("target", TRICKS)
@pytest.mark.parametrize("person", ["nobody", "ada"])
def test_path_tricks_do_not_cross_a_rule(ruled, world, target, person):
    answer = ruled.send(target=target, token=world.token() if person == "ada" else None)
    reached = [seen["path"] for seen in world.upstream.seen]
    assert not any(leads_to_admin(path) for path in reached), reached
    assert answer.status != 200 or reached, "a 200 that is nobody's"
    assert answer.status < 500 or ruled.kind == "nginx", answer.body

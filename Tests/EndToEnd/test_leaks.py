"""The scan of the logs sees what it is to see. `./dev test` reads the logs of the whole run with it."""

import re
import subprocess
import sys

import pytest

from harness import leaks
from harness.issuers import OKTA
from harness.programs import ROOT

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize("text, what", [
    (f"the token {TOKEN} was refused", "a token"), ("Authorization: Bearer abcdefghij", "an authorization"),
    ("key vst_0190abcdef_c2VjcmV0c2VjcmV0c2Vj", "an API key"), ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLlQx", "a provider's secret"),
    ("sk_test_abcdef", "a provider's secret"), ("-----BEGIN PRIVATE KEY-----", "a private key"),
    ("postgresql://u:hunter2@db.example/v", "a password in an address"), ("redis://:hunter2@127.0.0.1", "a password in an address"),
    ("ada@example.com", "an e-mail address"), ('"email":"ada.l+x@mail.example.org"', "an e-mail address"),
    ("Fatal error: Index out of range", "a stack trace"), ("hunter2-is-the-secret", "a secret of the configuration")])
def test_what_must_not_be_there_is_found(text, what):
    assert what in leaks.leaks(f'{{"event":"x","cause":"{text}"}}', ["hunter2-is-the-secret"])


@pytest.mark.parametrize("text", [
    "ada***@example.com", "a***@example.com", "https://auth.example/orgs", "postgresql://vestibule@127.0.0.1:5432/v", "vst_0190abcdef",
    "Bearer", "12:30:00", "request of 10.0.0.1:8080", '{"event":"started","listen":"127.0.0.1:8080"}'])
def test_what_may_be_there_is_not(text):
    assert leaks.leaks(text, ["hunter2-is-the-secret"]) == []


def test_every_secret_of_the_configuration_is_known():
    folder = ROOT / "Sources/vestibule/Configuration"
    source = "".join(path.read_text() for path in sorted(folder.glob("ConfigurationKeys*.swift")))
    named = re.findall(r'ConfigurationKey\(\s*"([A-Z_]+)"((?:(?!ConfigurationKey\().)*)', source, re.S)
    secret = {name for name, rest in named if "secret: true" in rest and not name.endswith("_URL")}
    assert secret == leaks.SECRET_NAMES


def test_secrets_are_told_from_other_settings():
    settings = {"VESTIBULE_ENCRYPTION_KEY": "first-key-1, second-key-2", "CLERK_WEBHOOK_SECRET": "whsec_x", "ENVIRONMENT": "production",
                "VESTIBULE_TLS_KEY": "/etc/tls.key", "CLERK_PUBLISHABLE_KEY": "pk_test_e2e", "VESTIBULE_BOOTSTRAP_TOKEN": "bootstrap-1"}
    assert leaks.secrets_of(settings) == ["bootstrap-1", "first-key-1", "second-key-2"]


@pytest.mark.parametrize("line, code", [("nothing to see", 0), (f"token {TOKEN}", 1), ("of-the-key-1", 1), (None, 1)])
def test_the_program_reads_a_folder(tmp_path, line, code):
    if line is not None:
        (tmp_path / "vestibule-1.log").write_text(line + "\n")
        (tmp_path / "vestibule-1.secrets").write_text('["of-the-key-1"]')
    result = subprocess.run([sys.executable, leaks.__file__, tmp_path], capture_output=True, text=True)
    assert result.returncode == code, result.stdout


def test_hostile_requests_leave_nothing_in_the_log(start, fresh_database, host):
    """Tokens, keys and addresses where nobody expects them: in paths, queries, and headers that are logged or not."""
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta, LOG_LEVEL="debug", VESTIBULE_BOOTSTRAP_TOKEN="bootstrap-secret-1")
    token = okta.token("ada@example.com")
    places = [f"/{token}", f"/orgs/{token}", f"/orgs?x={token}", "/orgs/ada@example.com", f"/api/v1/core/rbac/users/{token}/permissions",
              "/identities/vst_0190abcdef_c2VjcmV0c2VjcmV0c2VjcmV0", f"/scim/v2/Users/{token}", f"/admin/session/callback?code={token}&state={token}",
              f"/admin/session/callback?error={token}", "/admin/session/callback?error=ada@example.com"]
    # X-Request-Id is kept as it comes: what a client puts there is meant to be found in the log.
    names = ["X-API-Key", "Authorization", "Cookie", "X-Org-Id", "X-Forwarded-For", "User-Agent", "Origin", "Referer",
             "X-Bootstrap-Token", "traceparent", "Idempotency-Key", "If-Match"]
    for path in places:
        service.get(path, token)
        service.request("POST", path, json={"token": token, "email": "ada@example.com"})
    for name in names:
        for value in (f"Bearer {token}", "ada@example.com", "vst_0190abcdef_c2VjcmV0c2VjcmV0c2VjcmV0", "bootstrap-secret-1"):
            service.get("/profiles/me", headers={name: value})
            service.get("/authorize/nginx", headers={name: value, "X-Original-Method": "GET", "X-Original-URI": f"/{token}?a={token}"})
            service.request("POST", "/identities/provision", headers={name: value}, json={"bootstrap_token": "bootstrap-secret-1"})
    assert service.stop() == 0
    found, lines = leaks.read(service.program.log)
    assert lines > 50
    assert not found, [(service.output().splitlines()[number - 1][:300], what) for number, what in found[:5]]

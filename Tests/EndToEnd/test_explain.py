"""`vestibule explain`: the same checks and the same decision, told and undone."""

import json
import re
import time

from harness.service import issuer_environment, vestibule


def explain(database, issuer, token, *arguments):
    env = issuer_environment(issuer) | {"DATABASE_URL": database.service_url}
    return vestibule("explain", *arguments, env=env, stdin=token)


def test_a_newcomers_token_is_explained_and_nothing_is_written(fresh_database, okta):
    before = fresh_database.counts()
    done = explain(fresh_database, okta, okta.token("ada@example.com"), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["allowed"] is True
    checks = {check["check"]: check["verdict"] for check in report["checks"]}
    assert checks["signature"] == checks["audience"] == checks["provisioning"] == "passed"
    assert report["facts"]["email"] == "ada@example.com"
    assert fresh_database.counts() == before


def test_a_refused_login_names_its_reason_and_exits_1(fresh_database, okta):
    fresh_database.settle_bootstrap()
    done = explain(fresh_database, okta, okta.token("eve@elsewhere.example"))
    assert done.returncode == 1
    assert re.search(r"FAIL +provisioning +invitation_required", done.stdout)
    assert done.stdout.rstrip().endswith("deny")


def test_a_bad_token_fails_at_its_check_and_shows_no_signature(fresh_database, okta):
    token = okta.token("ada@example.com", aud="somebody-else")
    done = explain(fresh_database, okta, token)
    assert done.returncode == 1
    assert re.search(r"FAIL +audience", done.stdout)
    assert token.split(".")[2] not in done.stdout + done.stderr


def explained(database, issuer, token):
    done = explain(database, issuer, token, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode == 0) == report["allowed"]
    return report, {check["check"]: check for check in report["checks"]}


def test_each_value_says_which_claim_it_comes_from(fresh_database, okta, clerk):
    report, _ = explained(fresh_database, okta, okta.token("ada@example.com"))
    assert report["facts"]["subject"] == okta.subject("ada@example.com")
    mapping = report["mapping"]
    assert (mapping["subject"], mapping["client_id"], mapping["scopes"], mapping["expires_at"]) == ("uid", "cid", "scp", "exp")
    report, _ = explained(fresh_database, okta, okta.id_token("ada@example.com"))
    assert report["mapping"]["subject"] == "sub" and report["facts"]["class"] == "identity"
    report, _ = explained(fresh_database, clerk, clerk.token("ada@example.com", v=2, fea="o:dash", o={
        "id": "org_1", "slg": "acme", "rol": "admin", "per": "manage,read", "fpm": "2"}))
    assert report["facts"]["provider_org_permissions"] == "org:dash:read"
    assert report["mapping"]["provider_org_role"] == "o.rol" and report["mapping"]["signed_in_at"] == "fva"
    assert explain(fresh_database, okta, okta.token("ada@example.com")).stdout.count("(uid)") == 1


def test_what_would_be_needed_is_said_for_every_failure_at_once(fresh_database, okta):
    now = int(time.time())
    report, checks = explained(fresh_database, okta, okta.token("ada@example.com", exp=now - 100, aud="x", cid="y"))
    assert [need["check"] for need in report["needed"]] == ["expiry", "audience", "client"]
    assert all(need["what"].endswith(".") for need in report["needed"])
    assert checks["audience"]["expected"] == "one of api://default" and checks["audience"]["actual"] == "x"
    assert list(checks)[:3] == ["size", "parts", "encoding"] and checks["signature"]["verdict"] == "passed"
    fresh_database.settle_bootstrap()
    report, _ = explained(fresh_database, okta, okta.token("eve@elsewhere.example"))
    assert report["needed"] == [{"check": "provisioning", "what": (
        "This person has no account here. Ask an administrator for an invitation.")}]


def test_a_revoked_token_is_said_to_be(fresh_database, okta):
    token = okta.token("ada@example.com")
    report, checks = explained(fresh_database, okta, token)
    assert report["allowed"] and checks["revocation"]["verdict"] == "passed"
    fresh_database.run("INSERT INTO session_revocations (issuer, subject) VALUES (%s, %s)", okta.url,
                       okta.subject("ada@example.com"))
    report, checks = explained(fresh_database, okta, token)
    assert not report["allowed"] and checks["revocation"]["verdict"] == "failed"
    assert "provisioning" not in checks


def test_a_dropped_key_is_said_to_be(fresh_database, okta):
    env = issuer_environment(okta) | {"DATABASE_URL": fresh_database.service_url}
    fresh_database.run(
        "INSERT INTO platform_idp_config (provider, issuer, accept_tokens, is_active) VALUES ('okta', %s, true, true)", okta.url)
    fresh_database.run("INSERT INTO dropped_keys (issuer, key_id) VALUES (%s, %s)", okta.url, okta.key.kid)
    done = vestibule("explain", env=env, stdin=okta.token("ada@example.com"))
    assert done.returncode == 1 and re.search(r"FAIL +key +an administrator dropped it", done.stdout), done.stdout


def test_no_token_is_a_usage_error(fresh_database, okta):
    done = explain(fresh_database, okta, "  \n")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1

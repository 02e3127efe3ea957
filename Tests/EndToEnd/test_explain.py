"""`vestibule explain`: the same checks and the same decision, told and undone."""

import json
import re

from harness.programs import ROOT
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


def test_no_token_is_a_usage_error(fresh_database, okta):
    done = explain(fresh_database, okta, "  \n")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_readme_and_file_name_every_key():
    source = (ROOT / "Sources/vestibule/Configuration/ConfigurationKeys.swift").read_text()
    names = re.findall(r'ConfigurationKey\(\s*"([A-Z_]+)"', source)
    assert len(names) > 40
    readme = (ROOT / "README.md").read_text()
    file = (ROOT / "Config/vestibule.json5").read_text()
    for name in names:
        assert f"| `{name}` |" in readme, name
        assert f"// {name.removeprefix('VESTIBULE_').lower()}:" in file, name

"""What the documents say is so: links lead somewhere, commands and keys exist, the reference is fresh, guides work."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from psycopg import conninfo

from harness.console import DevelopmentIdP
from harness.database import OWNER, SERVICE, cluster_url
from harness.documents import FENCE, Shell, anchors, blocks, documents, follow, links, says, steps
from harness.programs import BINARY, ROOT, clean_environment, eventually, free_port
from harness.service import Service, vestibule

DOCUMENTS = documents()
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


@pytest.fixture(scope="module")
def told() -> dict:
    """What the program says of itself."""
    return json.loads(vestibule("reference").stdout)


def code(markdown: str) -> list:
    """The lines and spans that are set as code."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", markdown))
    indented = re.findall(r"^(?: {4}|\t)(.*)$", markdown, re.M)
    return spans + indented + [line for block in blocks(markdown) for line in block.text.splitlines()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_somewhere(path):
    text = path.read_text()
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), f"{path.name}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text()), f"{path.name}: {link}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_files_that_are_named_exist(path):
    # The threat model has a test of its own, which looks at the tests' names too.
    for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", path.read_text())):
        if match := re.fullmatch(r"((?:docs|Config|Tests|Sources|scripts|Migrations|Console)/[\w./-]+)(?:::.*| .*)?", span):
            assert (ROOT / match[1]).exists(), f"{path.name}: {span}"


def dev_commands() -> set:
    cases = re.search(r"^case \$command in\n(.*?)^esac", (ROOT / "dev").read_text(), re.M | re.S)[1]
    return {word for line in re.findall(r"^    ([a-z][a-z| -]*)\)", cases, re.M) for word in line.split(" | ")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_commands_exist(path, told):
    programs = set(re.findall(r"^  ([a-z-]+) ", vestibule("help").stdout, re.M)) | {"help"}
    known = dev_commands()
    assert {"run", "test", "reference"} <= known and {"serve", "version"} <= programs
    for line in code(path.read_text()):
        for word, more in re.findall(r"(?<!\S)\./dev ([a-z][a-z-]*)(?: ([a-z-]+))?", line):
            assert word in known, line
            if word == "bench" and more and not more.startswith("-"):
                assert (ROOT / "Tests/Benchmarks" / more / "run").exists() or more in ("makes",), line
        for word in re.findall(r"(?:^|[$(|;&] ?|\./|/)vestibule ([a-z][a-z-]+)\b", line):
            assert word in programs, line


def flags() -> set:
    """What the commands understand, from the lists that they give to `Arguments`."""
    found = set()
    for file in (ROOT / "Sources/vestibule/Commands").glob("*.swift"):
        for names in re.findall(r"(?:valued|plain): \[([^\]]*)\]", file.read_text()):
            found |= set(re.findall(r'"([a-z-]+)"', names))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_flags_exist(path):
    known = flags()
    assert {"config", "dry-run", "allow-cidr"} <= known
    for line in code(path.read_text()):
        for command in re.findall(r"(?:^|[$(|;&] ?)vestibule [a-z-]+[^|;&)`]*", line):
            for flag in re.findall(r"--([a-z][a-z-]*)", command):
                assert flag in known, line


#: Settings that are not the service's: of the tests, of the examples' own applications, of other programs.
OTHERS = {
    "VESTIBULE_TEST_DATABASE_URL", "VESTIBULE_BINARY", "VESTIBULE_URL", "OKTA_CLIENT_SECRET", "OKTA_API_TOKEN",
    "VESTIBULE_LUA", "VESTIBULE_HOST", "VESTIBULE_PORT",
}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_keys_exist(path, told):
    keys = {key["name"] for key in told["configuration"]}
    prefixes = ("VESTIBULE_", "OKTA_", "CLERK_", "DATABASE_", "REDIS_", "LOG_", "CORS_", "OTEL_")
    for name in re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", path.read_text()):
        if name.startswith(prefixes) and name not in OTHERS:
            assert re.sub(r"_(FILE|ARN)$", "", name) in keys or name in keys, name


def test_the_reference_is_fresh():
    done = subprocess.run([sys.executable, "-B", "scripts/reference.py", "--check", BINARY], cwd=ROOT, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_is_in_the_reference(service, okta, owner):
    service.authorize("nonsense")
    service.raw(b"nonsense\r\n\r\n")
    reference = (ROOT / "docs/reference/metrics.md").read_text()
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", service.get("/metrics").text, re.M):
        assert f"| `{name}` | {kind} |" in reference, name
    for file in (ROOT / "Sources").rglob("*.swift"):
        for name in re.findall(r'"(vestibule_\w+_(?:total|seconds|bytes|entries))"', file.read_text()):
            assert f"| `{name}` |" in reference, name


def test_every_key_is_in_the_reference_and_in_the_file(told):
    reference = (ROOT / "docs/reference/configuration.md").read_text()
    file = (ROOT / "Config/vestibule.json5").read_text()
    assert len(told["configuration"]) > 40
    for key in told["configuration"]:
        assert f"| `{key['name']}` | `{key['file_name']}` |" in reference
        assert f"// {key['file_name']}:" in file, key["name"]


def test_the_version_is_told_in_one_place(told, service):
    [version] = re.findall(r'static let version = "([^"]+)"', (ROOT / "Sources/vestibule/Vestibule.swift").read_text())
    assert vestibule("version").stdout == f"vestibule {version}\n" and told["version"] == version
    assert service.get("/openapi.json").json()["info"]["version"] == version
    assert f"{version}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("told, seen, same", [
    ("a…b", "a\n x b", True), ("a…b", "a x c", False), ('{"id":"0190a000-0000-7000-8000-000000000000"}',
     '{"id": "0190a000-1111-7000-8000-000000000000"}', True), ("HTTP/1.1 200 OK", "HTTP/1.1 401 Unauthorized", False),
    ("exit 1", "exit 0", False), ("…", "", True), ("", "words", False)])
def test_answers_are_compared(told, seen, same):
    assert says(told, seen) is same


# The guides, followed.

GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md")), ROOT / "docs/scim.md", ROOT / "docs/webhooks.md"]


@pytest.fixture(scope="module")
def idp(folder):
    provider = DevelopmentIdP(folder)
    yield provider
    provider.stop()


@pytest.fixture
def beside_dev_run(folder, fresh_database, idp, tmp_path):
    """A checkout in which `./dev run` runs, as far as a guide sees of it."""
    service = Service(folder, fresh_database.service_url, **(settings := run_settings(idp, fresh_database, tmp_path)))
    for name in ("Config", "Migrations", "Console", "docs", "Tests", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/vestibule").symlink_to(BINARY)
    listen = {"VESTIBULE_LISTEN": service.origin.removeprefix("http://")}
    exports = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in (settings | listen).items())
    superuser = conninfo.make_conninfo(cluster_url(), dbname=fresh_database.name)
    (tmp_path / "dev").write_text(f"""#!/bin/sh
case $1 in
env) cat <<'TEXT'
{exports}SERVICE={service.origin} IDP={idp.origin}
TEXT
;;
psql) shift; exec psql {shlex.quote(superuser)} "$@" ;;
esac
""")
    (tmp_path / "dev").chmod(0o755)
    addresses = {"127.0.0.1:8080": service.origin.removeprefix("http://"),
                 "127.0.0.1:9000": idp.origin.removeprefix("http://")}
    addresses |= {f"127.0.0.1:{port}": f"127.0.0.1:{free_port()}" for port in (8000, 8001, 8081)}
    trial = f"e2e_{uuid.uuid4().hex[:12]}"
    addresses |= {"supabase_trial": trial, "first_trial": trial, "vestibule_owner": OWNER, "vestibule_service": SERVICE}
    # The tests' own Python, with the gateways that come from PyPI.
    path = f"{tmp_path}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
    environment = clean_environment() | {"PATH": path, "NO_PROXY": "*", "PYTHONDONTWRITEBYTECODE": "1"}
    yield Shell(tmp_path, environment, addresses)
    service.stop()
    fresh_database.superuser.execute(f"DROP DATABASE IF EXISTS {trial} WITH (FORCE)")


def run_settings(idp: DevelopmentIdP, database, folder: Path) -> dict:
    """Those of scripts/run.sh, which a test compares."""
    key = folder / "encryption.key"
    key.write_text(base64.b64encode(bytes(range(32))).decode())
    return {"DATABASE_URL": database.service_url, "DATABASE_ADMIN_URL": database.owner_url,
            "VESTIBULE_IDP_ALLOW_HTTP": "true", "VESTIBULE_ENCRYPTION_KEY_FILE": key, "VESTIBULE_ACTIVE_IDP": "okta",
            **idp.okta, "CLERK_ISSUER": f"{idp.origin}/clerk", "CLERK_PUBLISHABLE_KEY": "pk_test_development",
            "CLERK_SECRET_KEY": "sk_test_development", "CLERK_API_URL": f"{idp.origin}/clerk-api"}


def test_the_settings_are_those_of_dev_run(idp, fresh_database, tmp_path):
    listed = re.search(r"<<TEXT\n(DATABASE_URL=.*?)^TEXT$", (ROOT / "scripts/run.sh").read_text(), re.M | re.S)[1]
    names = {line.partition("=")[0] for line in listed.splitlines()}
    assert names == set(run_settings(idp, fresh_database, tmp_path))


@pytest.mark.parametrize("guide", GUIDES, ids=[path.name for path in GUIDES])
def test_a_guide_works_when_followed(guide, beside_dev_run):
    follow(guide, beside_dev_run)


@pytest.mark.parametrize("guide", GUIDES, ids=[path.name for path in GUIDES])
def test_configurations_in_guides_are_good(guide, tmp_path):
    for number, block in enumerate(block for block in blocks(guide.read_text()) if block.language == "json5"):
        file = tmp_path / f"{number}.json5"
        file.write_text(block.text)
        done = vestibule("config", "check", "--config", file, env={"DATABASE_URL": "postgresql://a@127.0.0.1/b"})
        assert done.returncode == 0, f"{guide.name}:{block.line}: {done.stderr}"


def test_what_a_guide_tells_is_held_against_what_is_seen(tmp_path):
    text = ("```sh\nA=1; echo here at 127.0.0.1:7\nsleep 1000 & echo $! >pid\n```\n\nwords\n\n```console\nhere at 127.0.0.1:7\n```\n"
            "1. ```sh\n   echo $A >&2\n   ```\n   ```sh\n   echo \"  b\"; false\n   ```\n```json5\n{}\n```\n"
            "```sh outside\nexit 1\n```\n```console\nnothing\n```\n")
    done = Shell(tmp_path, clean_environment(), {"127.0.0.1:7": "127.0.0.1:70007"}).run(steps(text))
    assert [(step.seen, step.status) for step in done] == [("here at 127.0.0.1:7\n", 0), ("1\n", 0), ("  b\n", 1)]
    assert says(done[0].told.text, done[0].seen) and done[1].told is None
    pid = int((tmp_path / "pid").read_text())
    eventually(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3],
               "the end of what was left in the background", 10)

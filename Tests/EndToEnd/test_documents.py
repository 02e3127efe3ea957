"""What the documents say is so: links lead somewhere, commands and keys exist, the reference is fresh, guides work."""

import json
import re
import subprocess
import sys

import pytest

from harness.documents import FENCE, anchors, blocks, documents, links, says
from harness.programs import BINARY, ROOT
from harness.service import vestibule

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


#: Settings that are not the service's: of the tests, of the examples' own applications, of other programs.
OTHERS = {
    "VESTIBULE_TEST_DATABASE_URL", "VESTIBULE_BINARY", "VESTIBULE_URL", "OKTA_CLIENT_SECRET", "OKTA_API_TOKEN",
    "VESTIBULE_LUA",
}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_keys_exist(path, told):
    keys = {key["name"] for key in told["configuration"]}
    prefixes = ("VESTIBULE_", "OKTA_", "CLERK_", "DATABASE_", "REDIS_", "LOG_", "CORS_")
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


def test_the_version_is_told_in_one_place(told):
    [version] = re.findall(r'static let version = "([^"]+)"', (ROOT / "Sources/vestibule/Vestibule.swift").read_text())
    assert vestibule("version").stdout == f"vestibule {version}\n" and told["version"] == version
    assert f"{version}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("told, seen, same", [
    ("a…b", "a\n x b", True), ("a…b", "a x c", False), ('{"id":"0190a000-0000-7000-8000-000000000000"}',
     '{"id": "0190a000-1111-7000-8000-000000000000"}', True), ("HTTP/1.1 200 OK", "HTTP/1.1 401 Unauthorized", False),
    ("exit 1", "exit 0", False), ("…", "", True), ("", "words", False)])
def test_answers_are_compared(told, seen, same):
    assert says(told, seen) is same

"""./dev release: what is packed, that it is the same twice, and that a stranger can start it. The build itself is proved by
`./dev release --verify`, which takes two of them, some minutes each."""

import json
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from harness.programs import BINARY, ROOT, Program, clean_environment, free_port
from harness.service import vestibule

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a release is made from a commit")
PROGRAM = str(BINARY)


def release(into: Path, *more, cwd: Path = ROOT):
    return subprocess.run([ROOT / "dev", "release", "--binary", PROGRAM, "--into", into, *more], cwd=cwd, capture_output=True,
                          text=True, timeout=120)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    done = release(folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def tarball(released) -> Path:
    [file] = released.glob("*.tar.gz")
    return file


def test_the_same_commit_gives_the_same_bytes(released, tmp_path):
    # From another folder, with another umask and another time zone.
    done = subprocess.run(
        ["bash", "-c", 'umask 077 && exec "$0" release --binary "$1" --into again', ROOT / "dev", PROGRAM], cwd=tmp_path,
        capture_output=True, text=True, timeout=120, env=os.environ | {"TZ": "Asia/Tokyo", "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    again = tmp_path / "again"
    names = sorted(file.name for file in released.iterdir())
    assert names == sorted(file.name for file in again.iterdir()) and len(names) == 3
    for name in names:
        assert (released / name).read_bytes() == (again / name).read_bytes(), name


def test_the_checksums_fit(released):
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=released, capture_output=True).returncode == 0


def test_what_is_in_it(tarball):
    version = vestibule("version").stdout.split()[1]
    with tarfile.open(tarball) as archive:
        members = archive.getmembers()
    top = f"vestibule-{version}-linux-{os.uname().machine}"
    names = [member.name for member in members]
    assert names == sorted(names) and all(name == top or name.startswith(top + "/") for name in names)
    for wanted in ("vestibule", "Migrations/20261101000100_roles.sql", "Migrations/rollback/20261101000100_roles.sql",
                   "Console/index.html", "Config/vestibule.json5", "Config/gateways/nginx.conf", "docs/runbook.md", "LICENSE",
                   "NOTICE", "README.md", "CHANGELOG.md"):
        assert f"{top}/{wanted}" in names
    moment = int(subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True).stdout)
    for member in members:
        assert (member.uid, member.gid, member.mtime) == (0, 0, moment), member.name
        assert member.isdir() or member.isfile(), member.name
        assert member.mode == (0o755 if member.isdir() or member.mode & 0o100 else 0o644), member.name


def test_a_stranger_starts_it(tarball, fresh_database, tmp_path):
    """Unpacked anywhere, from its own folder: it finds its migrations and its console."""
    with tarfile.open(tarball) as archive:
        archive.extractall(tmp_path, filter="data")
    [home] = tmp_path.iterdir()
    port = free_port()
    env = {"DATABASE_URL": fresh_database.service_url, "VESTIBULE_LISTEN": f"127.0.0.1:{port}"}
    verified = subprocess.run(["./vestibule", "migrate", "verify"], cwd=home, capture_output=True, text=True,
                              env=clean_environment(**env | {"DATABASE_ADMIN_URL": fresh_database.owner_url}))
    assert verified.returncode == 0, verified.stderr
    program = Program("released", ["./vestibule", "serve"], tmp_path, clean_environment(**env), cwd=home)
    try:
        program.await_port(port)
        page = subprocess.run(["curl", "-s", "--noproxy", "*", f"http://127.0.0.1:{port}/admin/"], capture_output=True, text=True)
        assert "<title>" in page.stdout
    finally:
        assert program.stop() == 0


def test_the_bill_of_materials_is_sound_and_whole(released):
    [file] = released.glob("*.spdx.json")
    assert not validate_full_spdx_document(parse_file(str(file)))
    told = json.loads(file.read_text())
    names = {package["name"] for package in told["packages"]}
    assert {"vestibule", "swift", "libssl3", "libpq5", "libcurl4", "libc-ares2", "libhiredis0.14", "libjwt0"} <= names
    linked = {relation["relatedSpdxElement"] for relation in told["relationships"] if relation["relationshipType"] == "DYNAMIC_LINK"}
    needed = re.findall(r"\(NEEDED\).*\[(lib(?:ssl|pq|curl|jwt|cares|hiredis))", subprocess.run(
        ["readelf", "-d", BINARY], capture_output=True, text=True).stdout)
    assert len(needed) == 6 and {f"SPDXRef-{name}" for name in ("libssl3", "libpq5", "libcurl4", "libjwt0")} <= linked
    notice = (ROOT / "NOTICE").read_text() + (ROOT / "docs/dependencies.md").read_text()
    assert all(name.removeprefix("SPDXRef-") in notice for name in linked - {"SPDXRef-swift", "SPDXRef-libstdc--6"}), linked


def test_a_broken_bill_is_noticed(released, tmp_path):
    [file] = released.glob("*.spdx.json")
    told = json.loads(file.read_text())
    told["relationships"][0]["relatedSpdxElement"] = "SPDXRef-nothing"
    (tmp_path / "broken.spdx.json").write_text(json.dumps(told))
    assert validate_full_spdx_document(parse_file(str(tmp_path / "broken.spdx.json")))


def test_another_version_is_refused(tmp_path):
    other = tmp_path / "vestibule"
    other.write_text("#!/bin/sh\necho vestibule 9.9.9\n")
    other.chmod(0o755)
    done = subprocess.run([ROOT / "dev", "release", "--binary", other, "--into", tmp_path / "out"], capture_output=True, text=True)
    assert done.returncode == 1 and "9.9.9" in done.stderr

"""CONTRACT section 1: ./dev run as a stranger uses it, and that it leaves nothing behind."""

import os
import re
import signal
import subprocess
import time

import httpx
import pytest

from harness.programs import BINARY, ROOT, accepts, eventually, free_port

LIBRARIES = ("dev", "scripts", "Config", "Sources", "Package.swift", "Migrations")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout of its own, with the build that is there already: this is about starting, not compiling."""
    folder = tmp_path_factory.mktemp("a checkout")
    for name in LIBRARIES:
        subprocess.run(["cp", "-a", ROOT / name, folder / name], check=True)
    (folder / ".build/release").mkdir(parents=True)
    (folder / ".build/release/vestibule").symlink_to(BINARY)
    (folder / ".local").mkdir()
    version = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    (folder / ".local/build.stamp").write_text(re.search(r"Swift version ([0-9.]+)", version)[1] + "\n")
    # A test's folders may be closed to the user that PostgreSQL runs as, so ./dev must find another place.
    yield folder
    subprocess.run(["./dev", "reset"], cwd=folder, check=True)


class Run:
    #: The same for all runs, because the data is of one IdP.
    service, idp = free_port(), free_port()

    def __init__(self, checkout, **env):
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "VESTIBULE_LISTEN": f"127.0.0.1:{self.service}", "DEV_IDP_LISTEN": f"127.0.0.1:{self.idp}"} | env
        self.output = checkout / f"run-{time.monotonic_ns()}.txt"
        self.began = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                ["./dev", "run"], cwd=checkout, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
        self.checkout = checkout

    def text(self):
        return self.output.read_text()

    def up(self, seconds=60):
        eventually(lambda: "Ctrl-C stops" in self.text(), "./dev run", seconds, lambda: self.process.poll() is None)
        return time.monotonic() - self.began

    def left(self) -> list:
        """Processes that belong to this checkout."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                line = open(f"/proc/{pid}/cmdline", "rb").read().replace(b"\0", b" ").decode()
                place = os.readlink(f"/proc/{pid}/cwd")
            except OSError:
                continue
            if int(pid) != os.getpid() and (str(self.checkout) in line or place.startswith(str(self.checkout))
                                            or "vestibule-dev" in place):
                found.append((int(pid), line))
        return found

    def end(self, number) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


def test_the_printed_session_works_when_pasted(checkout):
    run = Run(checkout)
    try:
        run.up()
        commands = [line.strip() for line in run.text().splitlines() if re.match(r"  (OKTA=|CLERK=|curl|#)", line)]
        assert len(commands) >= 10
        pasted = subprocess.run(["bash"], input="\n".join(commands), capture_output=True, text=True, timeout=60)
        answer = pasted.stdout
        assert '"platform_owner"' in answer and "X-Auth-User-Id: " in answer
        assert '"token_missing"' in answer and "401 Unauthorized" in answer
        assert '"invitation_required"' in answer
        assert answer.count('"success":true') == 2, answer
        psql = subprocess.run(["./dev", "psql", "-Atc", "SELECT count(*) FROM auth.users"], cwd=checkout,
                              capture_output=True, text=True)
        assert psql.stdout.strip() == "1", psql.stderr
        # The service's own login is no superuser and owns nothing.
        owned = subprocess.run(["./dev", "psql", "-Atc", """SELECT rolsuper OR rolcreaterole OR rolbypassrls OR EXISTS (
            SELECT FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname = 'vestibule_service'"""],
                               cwd=checkout, capture_output=True, text=True)
        assert owned.stdout.strip() == "f", owned.stderr
        # Another terminal's commands, with the run's own settings.
        other = subprocess.run(
            ["bash", "-c", 'eval "$(./dev env)" && vestibule migrate status && curl -s $IDP/okta/oauth2/default/v1/keys'],
            cwd=checkout, capture_output=True, text=True, env=os.environ | {"VESTIBULE_LISTEN": f"127.0.0.1:{run.service}"})
        assert "pending" not in other.stdout and '"kid"' in other.stdout, other.stderr
        second = subprocess.run(["./dev", "run"], cwd=checkout, capture_output=True, text=True)
        assert second.returncode == 1 and "already runs" in second.stderr
    finally:
        run.end(signal.SIGINT)
    assert run.left() == []


@pytest.mark.parametrize("number, code", [
    (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)])
def test_nothing_is_left_running(checkout, number, code):
    run = Run(checkout)
    run.up()
    assert len(run.left()) >= 4
    assert run.end(number) == code, run.text()
    eventually(lambda: run.left() == [], f"the end of {run.left()}", 15)
    assert not accepts(run.service) and not accepts(run.idp)


def test_a_second_start_is_quick_and_keeps_data_and_tokens(checkout):
    first = Run(checkout)
    first.up()
    with httpx.Client(trust_env=False) as client:
        kid = client.get(f"http://127.0.0.1:{first.idp}/okta/oauth2/default/v1/keys").json()["keys"][0]["kid"]
    first.end(signal.SIGTERM)
    again = Run(checkout)
    assert again.up() < 3
    with httpx.Client(trust_env=False) as client:
        assert client.get(
            f"http://127.0.0.1:{again.idp}/okta/oauth2/default/v1/keys").json()["keys"][0]["kid"] == kid
    again.end(signal.SIGTERM)


def test_a_part_that_dies_ends_the_whole(checkout):
    run = Run(checkout)
    run.up()
    victim = next(pid for pid, line in run.left() if line.rstrip().endswith("serve"))
    os.kill(victim, signal.SIGKILL)
    assert run.process.wait(40) == 1
    assert "vestibule ended by itself" in run.text()
    assert run.left() == []


def test_a_lock_left_by_a_crash_is_taken_over(checkout):
    home = os.path.realpath(checkout / ".local/postgres")
    # A pid that lives, but is another program's.
    with open(f"{home}/data/postmaster.pid", "w") as file:
        file.write(f"{os.getpid()}\n{home}/data\n0\n5432\n")
    run = Run(checkout)
    run.up()
    run.end(signal.SIGTERM)


@pytest.mark.parametrize("which", ["service", "idp"])
def test_a_taken_port_is_one_sentence(checkout, which):
    import socket
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        name = {"service": "VESTIBULE_LISTEN", "idp": "DEV_IDP_LISTEN"}[which]
        if which == "idp":
            (checkout / ".local/dev-idp.listen").unlink(missing_ok=True)
        run = Run(checkout, **{name: f"127.0.0.1:{port}"})
        assert run.process.wait(20) == 1
        [line] = run.text().strip().splitlines()
        assert f"port {port}" in line and name in line


def test_an_idp_that_moved_is_one_sentence(checkout):
    (checkout / ".local/dev-idp.listen").write_text("127.0.0.1:9\n")
    run = Run(checkout)
    assert run.process.wait(20) == 1
    [line] = run.text().strip().splitlines()
    assert "DEV_IDP_LISTEN=127.0.0.1:9" in line and "./dev reset" in line
    (checkout / ".local/dev-idp.listen").unlink()


def test_a_missing_or_old_toolchain_is_one_sentence(checkout, tmp_path):
    plain = "/usr/sbin:/usr/bin:/sbin:/bin"
    run = Run(checkout, PATH=plain)
    assert run.process.wait(20) == 1
    [line] = run.text().strip().splitlines()
    assert "Swift" in line and "6.3" in line
    old = tmp_path / "swift"
    old.write_text("#!/bin/sh\necho 'Swift version 6.2.4 (swift-6.2.4-RELEASE)'\n")
    old.chmod(0o755)
    run = Run(checkout, PATH=f"{tmp_path}:{plain}")
    assert run.process.wait(20) == 1
    [line] = run.text().strip().splitlines()
    assert "6.2.4" in line and "6.3" in line


def test_a_full_disk_is_one_sentence(checkout):
    """A disk of 8 MB in the place of .local, which only this command sees."""
    alone = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    full = subprocess.run(
        [*alone, "sh", "-c", """stamp=$(cat .local/build.stamp) && mount -t tmpfs -o size=8m full .local &&
            echo "$stamp" >.local/build.stamp && exec ./dev run"""],
        cwd=checkout, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert full.returncode == 1
    [line] = full.stderr.strip().splitlines()
    assert re.search(r"only [0-9]+ MB are free .*free some space", line)


def test_reset_deletes_the_data(checkout):
    run = Run(checkout)
    run.up()
    refused = subprocess.run(["./dev", "reset"], cwd=checkout, capture_output=True, text=True)
    assert refused.returncode == 1 and "already runs" in refused.stderr
    run.end(signal.SIGTERM)
    home = os.path.realpath(checkout / ".local/postgres")
    assert os.path.exists(home)
    assert subprocess.run(["./dev", "reset"], cwd=checkout).returncode == 0
    assert not os.path.exists(home)


def test_unknown_commands_are_2():
    result = subprocess.run(["./dev", "rnu"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 2 and "rnu" in result.stderr and "./dev run" in result.stderr + result.stdout

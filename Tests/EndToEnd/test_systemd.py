"""Config/systemd: the units' form and score, and the service at work inside the very sandbox that the unit describes."""

import os
import re
import shutil
import signal
import subprocess
import sys

import httpx
import pytest

from harness.database import OWNER, SERVICE, Database, Relay
from harness.manifests import KEYS
from harness.programs import BINARY, ROOT, Program, clean_environment, eventually, free_port
from harness.service import issuer_environment
from harness.unit import Unit

FOLDER = ROOT / "Config/systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
SANDBOX = ROOT / "Tests/EndToEnd/harness/unit.py"


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_reads_the_unit(name, tmp_path):
    # It looks for the program, too.
    for unit in UNITS:
        (tmp_path / unit).write_text((FOLDER / unit).read_text().replace("/usr/bin/vestibule", str(BINARY)))
    done = analyze("verify", "--man=no", tmp_path / name)
    assert done.returncode == 0 and "vestibule" not in done.stderr, done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_the_sandbox_is_tight(name):
    done = analyze("security", "--offline=yes", "--threshold=15", FOLDER / name)
    assert done.returncode == 0, done.stdout[-600:] + done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_its_settings_are_settings_and_its_credentials_are_loaded(name):
    unit = Unit(FOLDER / name)
    loaded = {value.split(":")[0] for value in unit.values["LoadCredential"]}
    used = dict(re.findall(r"(\w+)_FILE=%d/([\w-]+)", unit.one("Environment")))
    assert set(used.values()) == loaded
    assert all("secret: true" in KEYS[name] for name in used)
    assert unit.one("ExecStart").split()[1] in ("serve", "migrate")


@pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root")
class TestInside:
    @pytest.fixture
    def begin(self, folder, tmp_path):
        """Starts a command in a unit's sandbox, which sees the program's folder and nothing of the checkout."""
        for name in ("Migrations", "Console"):
            shutil.copytree(ROOT / name, tmp_path / name)
        shutil.copy2(BINARY, tmp_path / "vestibule")
        tmp_path.chmod(0o755)
        programs = []

        def start(unit: str, *arguments, **env) -> Program:
            command = ["unshare", "--mount", "--propagation", "private", sys.executable, SANDBOX, FOLDER / unit, tmp_path,
                       "/mnt/vestibule", *arguments]
            settings = {"VESTIBULE_MIGRATIONS": "/mnt/Migrations", "VESTIBULE_CONSOLE": "/mnt/Console"}
            programs.append(Program("sandboxed", command, folder, clean_environment(**settings | env)))
            return programs[-1]

        yield start
        for program in programs:
            if program.alive():
                program.process.kill()
                program.process.wait()

    def test_the_service_works(self, begin, fresh_database, okta):
        relay, port = Relay(), free_port()
        fresh_database.settle_bootstrap()
        org = fresh_database.org("acme")
        fresh_database.invite(org, "ada@example.com", "org_admin")
        try:
            program = begin("vestibule.service", "serve", DATABASE_URL=relay.url(SERVICE, fresh_database.name),
                            VESTIBULE_LISTEN=f"127.0.0.1:{port}", **issuer_environment(okta))
            program.await_port(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
                eventually(lambda: client.get("/readyz").status_code == 200, "readiness", 20, program.alive)
                header = {"Authorization": "Bearer " + okta.token("ada@example.com")}
                assert client.post("/identities/provision", headers=header).status_code == 201
                answer = client.get("/authorize/nginx", headers=header)
                assert (answer.status_code, answer.headers["X-Auth-Org-Role"]) == (200, "org_admin")
                assert client.get("/authorize/nginx").status_code == 401
                assert client.get("/admin/").status_code == 200
                status = open(f"/proc/{program.pid}/status").read()
                assert re.search(r"^Uid:\t65532\t65532", status, re.M) and re.search(r"^Seccomp:\t2", status, re.M)
                assert re.search(r"^CapEff:\t0+$", status, re.M) and re.search(r"^NoNewPrivs:\t1", status, re.M)
                program.send(signal.SIGHUP)
                eventually(lambda: "reloaded" in program.output(), "a reload", 20, program.alive)
            assert program.stop() == 0, program.output()
        finally:
            relay.close()

    def test_the_migration_works(self, begin):
        database, relay = Database(), Relay()
        try:
            program = begin("vestibule-migrate.service", "migrate", "up",
                            DATABASE_ADMIN_URL=relay.url(OWNER, database.name))
            assert program.wait(60) == 0, program.output()
        finally:
            relay.close()
            database.drop()

    @pytest.mark.parametrize("forbidden", [
        "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "import os; os.sched_setaffinity(0, {0})",
        "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)",
        "import ctypes; ctypes.CDLL(None).mount(b'none', b'/mnt', b'tmpfs', 0, None)"])
    def test_what_the_filter_refuses_ends_a_program(self, forbidden, tmp_path):
        """So that a program which lives has asked for nothing of the kind."""
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", sys.executable, str(SANDBOX),
             str(FOLDER / "vestibule.service"), str(tmp_path), "/usr/bin/python3", "-c", forbidden],
            capture_output=True, text=True, env=clean_environment())
        assert done.returncode == -31, done.stderr

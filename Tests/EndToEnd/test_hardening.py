"""What the process shows of itself to the machine it runs on, and to whoever is on the way to its database."""

import datetime
import ipaddress
import json
import os

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.private_postgres import PrivatePostgres
from harness.issuers import OKTA
from harness.programs import BINARY, Program, clean_environment, eventually, free_port
from harness.service import Service, issuer_environment, vestibule


def limits(pid: int) -> dict:
    """The process's limits: soft and hard."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): tuple(line[26:].split()[:2]) for line in lines}


def test_no_core_file_can_hold_its_memory(service):
    assert limits(service.program.pid)["Max core file size"] == ("0", "0")


def test_no_process_of_the_same_user_reads_its_memory(folder):
    """What can't be dumped belongs to root below /proc, whoever runs it."""
    port = free_port()
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    binary = BINARY
    if nobody:
        binary = Path("/tmp") / f"vestibule-hardening-{os.getpid()}"
        binary.write_bytes(BINARY.read_bytes())
        binary.chmod(0o755)
    try:
        idp = Program("dev-idp", [*nobody, binary, "dev-idp", "--listen", f"127.0.0.1:{port}"], folder,
                      clean_environment(), cwd=Path("/"))
        idp.await_port(port)
        assert os.stat(f"/proc/{idp.pid}/mem").st_uid == 0
        if nobody:
            read = subprocess.run([*nobody, "cat", f"/proc/{idp.pid}/environ"], capture_output=True)
            assert read.returncode != 0 and not read.stdout
        idp.stop()
    finally:
        if nobody:
            binary.unlink()


def test_running_as_root_is_told(service):
    told = any(json.loads(line).get("event") == "runs_as_root" for line in service.output().splitlines() if line.startswith("{"))
    assert told == (os.geteuid() == 0)


# The way to the database.


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    paths[1].chmod(0o600)
    return paths


@pytest.fixture(scope="module")
def cluster():
    cluster = PrivatePostgres(port=free_port()).make()
    for path in certificate(cluster.home, "server"):
        if os.geteuid() == 0:
            os.chown(path, cluster.data.stat().st_uid, cluster.data.stat().st_gid)
    cluster.settings = {"listen_addresses": "127.0.0.1", "ssl": "on", "ssl_cert_file": cluster.home / "server.crt",
                        "ssl_key_file": cluster.home / "server.key", "fsync": "off"}
    cluster.start()
    cluster.run("CREATE DATABASE vestibule")
    yield cluster
    cluster.remove()


def database_url(cluster, **more) -> str:
    settings = "&".join(f"{name}={value}" for name, value in more.items())
    return f"postgresql://postgres@127.0.0.1:{cluster.port}/vestibule?{settings}"


def test_the_connection_to_the_database_is_encrypted_and_its_server_checked(cluster, folder, host):
    good = database_url(cluster, sslmode="verify-full", sslrootcert=cluster.home / "server.crt")
    other = database_url(cluster, sslmode="verify-full", sslrootcert=certificate(folder, "other")[0])
    assert vestibule("migrate", "up", env={"DATABASE_URL": good}).returncode == 0
    refused = vestibule("migrate", "status", env={"DATABASE_URL": other})
    assert refused.returncode == 3 and "certificate" in refused.stderr
    okta = host.issuer(OKTA)
    service = Service(folder, good, okta)
    try:
        seen = cluster.rows("SELECT bool_and(ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                            " WHERE datname = 'vestibule' AND backend_type = 'client backend'")[0]
        assert seen[0] is True and seen[1] >= 2
        assert "database_unprotected" not in service.output()
    finally:
        service.stop()
    service = Service(folder, other, okta, ready=False)
    try:
        eventually(lambda: service.get("/readyz").json()["checks"]["database"]["ok"] is False, "the refusal")
        assert service.authorize(okta.token("ada@example.com")).status_code == 503
    finally:
        service.stop()


@pytest.mark.parametrize("url, told", [
    ("postgresql://u@db.example/v", True), ("postgresql://u@db.example/v?sslmode=require", True),
    ("postgresql://u@db.example,127.0.0.1/v", True), ("postgresql://u@10.0.0.7/v?sslmode=verify-ca", True),
    ("postgresql://u@db.example/v?sslmode=verify-full", False), ("postgresql://u@127.0.0.1/v", False),
    ("postgresql://u@[::1]/v", False), ("postgresql://u@localhost/v", False), ("postgresql:///v?host=/run/postgresql", False)])
def test_a_connection_that_can_be_read_on_the_way_is_told(url, told):
    result = vestibule("config", "check", env={"DATABASE_URL": url})
    assert result.returncode == 0
    assert ("sslmode=verify-full" in result.stderr) is told, result.stderr

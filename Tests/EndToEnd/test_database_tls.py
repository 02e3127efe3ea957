"""The way to PostgreSQL, encrypted and verified as `DATABASE_URL` says."""

import subprocess

import pytest

from harness.cluster import Cluster
from harness.database import Database
from harness.issuers import OKTA
from harness.programs import eventually, free_port
from harness.service import migrated, vestibule


def certificate(folder, name: str):
    """An authority that is the server's own certificate, for `localhost`."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
         folder / f"{name}.key", "-out", folder / f"{name}.crt", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost"], check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    made = tmp_path_factory.mktemp("database-tls")
    for name in ("right", "other"):
        certificate(made, name)
    return made


@pytest.fixture(scope="module")
def encrypted(certificates):
    """A database on a server that takes nobody over TCP without TLS."""
    cluster = Cluster()
    with pytest.MonkeyPatch.context() as patch:
        cluster.stop()
        for ending in ("crt", "key"):
            file = cluster.data / f"server.{ending}"
            file.write_bytes((certificates / f"right.{ending}").read_bytes())
            file.chmod(0o600)
            cluster.own(file)
        (cluster.data / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
        # Sockets of files don't mind who else has the usual number.
        cluster.PORT = free_port()
        cluster.settings |= {"ssl": "on", "listen_addresses": "127.0.0.1"}
        cluster.start()
        patch.setenv("VESTIBULE_TEST_DATABASE_URL", cluster.url)
        database = migrated(Database())
        yield database, cluster.PORT
    cluster.close()


def url(encrypted, certificates, host: str, authority: str, owner: bool = False) -> str:
    database, port = encrypted
    place = (database.owner_url if owner else database.service_url).split("?")[0].replace("@/", f"@{host}:{port}/")
    return f"{place}?sslmode=verify-full&sslrootcert={certificates}/{authority}.crt"


def test_sessions_are_encrypted_and_the_server_is_verified(certificates, encrypted, start, host):
    okta = host.issuer(OKTA)
    service = start(url(encrypted, certificates, "localhost", "right"), okta)
    assert service.provision(okta.token("ada@example.com")).status_code == 201
    sessions = encrypted[0].rows("SELECT s.ssl, s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                                 " WHERE a.usename = 'vestibule_e2e_service'")
    # Those for notices as well.
    assert len(sessions) >= 2 and all(ssl and version in ("TLSv1.2", "TLSv1.3") for ssl, version in sessions), sessions
    assert "database_unprotected" not in service.output()


@pytest.mark.parametrize("name, authority", [("localhost", "other"), ("127.0.0.1", "right")])
def test_a_server_that_can_not_be_verified_is_no_database(certificates, encrypted, start, host, name, authority):
    """Signed by somebody else, or for another host."""
    okta = host.issuer(OKTA)
    service = start(url(encrypted, certificates, name, authority), okta, ready=False)
    eventually(lambda: "database_away" in service.output(), "the refusal")
    ready = service.get("/readyz")
    assert ready.status_code == 503 and ready.json()["checks"]["database"]["ok"] is False
    assert service.get("/healthz").status_code == 200
    assert service.authorize(okta.token("ada@example.com")).status_code == 503
    assert encrypted[0].service_sessions() == 0


@pytest.mark.parametrize("authority, code, told", [("right", 0, ""), ("other", 3, "certificate")])
def test_migrations_verify_the_server_too(certificates, encrypted, authority, code, told):
    result = vestibule("migrate", "status", env={"DATABASE_URL": url(encrypted, certificates, "localhost", authority, True)})
    assert result.returncode == code and told in result.stderr, result.stderr


@pytest.mark.parametrize("url, told", [
    ("postgresql://u@db.example/v", True), ("postgresql://u@db.example/v?sslmode=require", True),
    ("postgresql://u@db.example,127.0.0.1/v", True), ("postgresql://u@10.0.0.7/v?sslmode=verify-ca", True),
    ("postgresql://u@db.example/v?sslmode=verify-full", False), ("postgresql://u@127.0.0.1/v", False),
    ("postgresql://u@[::1]/v", False), ("postgresql://u@localhost/v", False), ("postgresql:///v?host=/run/postgresql", False)])
def test_a_connection_that_can_be_read_on_the_way_is_told(url, told):
    result = vestibule("config", "check", env={"DATABASE_URL": url})
    assert result.returncode == 0
    assert ("sslmode=verify-full" in result.stderr) is told, result.stderr

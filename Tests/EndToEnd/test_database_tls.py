"""The way to PostgreSQL, encrypted and verified as `DATABASE_URL` says."""

import subprocess

import pytest

from harness.cluster import Cluster
from harness.database import Database
from harness.issuers import OKTA
from harness.programs import eventually
from harness.service import migrated


def certificate(folder, name: str, host: str):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
         folder / f"{name}.key", "-out", folder / f"{name}.crt", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"],
        check=True, capture_output=True)
    (folder / f"{name}.key").chmod(0o600)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("database-tls")
    for name, host in (("right", "localhost"), ("other", "localhost"), ("elsewhere", "db.elsewhere.example")):
        certificate(made, name, host)
    return made


@pytest.fixture
def encrypted(folder, monkeypatch):
    """A server that takes nobody over TCP without TLS, with the named certificate."""
    made = []

    def start(name: str):
        cluster = Cluster()
        made.append(cluster)
        cluster.stop()
        for ending in ("crt", "key"):
            file = cluster.data / f"server.{ending}"
            file.write_bytes((folder / f"{name}.{ending}").read_bytes())
            file.chmod(0o600)
            cluster.own(file)
        (cluster.data / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
        cluster.settings |= {"ssl": "on", "listen_addresses": "127.0.0.1"}
        cluster.start()
        monkeypatch.setenv("VESTIBULE_TEST_DATABASE_URL", cluster.url)
        database = migrated(Database())
        return database, database.service_url.split("?")[0].replace("@/", f"@localhost:{cluster.PORT}/")

    yield start
    for cluster in made:
        cluster.close()


def test_sessions_are_encrypted_and_the_server_is_verified(folder, encrypted, start, host):
    database, url = encrypted("right")
    okta = host.issuer(OKTA)
    service = start(f"{url}?sslmode=verify-full&sslrootcert={folder}/right.crt", okta)
    assert service.provision(okta.token("ada@example.com")).status_code == 201
    sessions = database.rows("SELECT s.ssl, s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                             " WHERE a.usename = 'vestibule_e2e_service'")
    # Those for notices as well.
    assert len(sessions) >= 2 and all(ssl and version in ("TLSv1.2", "TLSv1.3") for ssl, version in sessions), sessions


@pytest.mark.parametrize("server, authority", [("right", "other"), ("elsewhere", "elsewhere")])
def test_a_server_that_can_not_be_verified_is_no_database(folder, encrypted, start, host, server, authority):
    """Signed by somebody else, or for another host."""
    database, url = encrypted(server)
    service = start(f"{url}?sslmode=verify-full&sslrootcert={folder}/{authority}.crt", host.issuer(OKTA), ready=False)
    eventually(lambda: "database_away" in service.output(), "the refusal")
    answer = service.get("/readyz")
    assert answer.status_code == 503 and service.get("/healthz").status_code == 200
    assert database.service_sessions() == 0

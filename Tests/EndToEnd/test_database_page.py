"""docs/database.md: its commands, against a PostgreSQL that asks for passwords by TCP as Debian's does."""

import os

import pytest

from harness.cluster import Cluster
from harness.documents import Shell, follow
from harness.programs import BINARY, ROOT, clean_environment, free_port
from harness.service import Service


@pytest.fixture
def cluster():
    made = type("Asking", (Cluster,), {"PORT": free_port()})({"listen_addresses": "127.0.0.1"})
    made.stop()
    (made.data / "pg_hba.conf").write_text("local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    made.start()
    yield made
    made.close()


def test_the_commands_of_the_page_make_a_database(cluster, folder, okta, tmp_path):
    for name in ("Config", "Migrations"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/vestibule").symlink_to(BINARY)
    environment = clean_environment() | {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PGHOST": str(cluster.folder), "PGPORT": str(cluster.PORT), "PGUSER": "postgres"}
    if not follow(ROOT / "docs/database.md", Shell(
            tmp_path, environment, {"@127.0.0.1/": f"@127.0.0.1:{cluster.PORT}/"})):
        return
    for name in ("owner-url", "service-url"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    there = (tmp_path / "service-url").read_text().strip().replace("@127.0.0.1/", f"@127.0.0.1:{cluster.PORT}/")
    service = Service(folder, there, okta)
    try:
        assert service.get("/readyz").status_code == 200
        assert service.provision(okta.token("ada@example.com")).status_code == 201
    finally:
        service.stop()

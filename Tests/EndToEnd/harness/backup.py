"""A drill of docs/backup.md: its own commands, on clusters of their own, and what must be true after each."""

import base64
import os
import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from .issuers import AUDIENCE, CLIENT_ID, OKTA, IssuerHost
from .private_postgres import PROGRAMS, PrivatePostgres, as_server
from .programs import BINARY, ROOT, clean_environment, eventually
from .service import Service, vestibule
from .wholeness import flaws, missing

ROLES = """
CREATE ROLE vestibule_owner LOGIN CREATEROLE;
CREATE ROLE vestibule_service LOGIN;
CREATE DATABASE vestibule OWNER vestibule_owner;
"""


def commands() -> dict[str, str]:
    """The commands of the page by their names."""
    text = (ROOT / "docs/backup.md").read_text()
    return {name: body for name, body in re.findall(r"```sh\n# (\w+)\n(.*?)```", text, re.S)}


class Content:
    """What is in a database, read past row security."""

    def __init__(self, cluster: PrivatePostgres):
        self.cluster = cluster

    def rows(self, query: str) -> list:
        return self.cluster.rows(query, "vestibule")

    def tables(self) -> dict:
        """Each table, partitions among them, with a digest of its rows."""
        names = [name for name, in self.rows(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'auth') ORDER BY 1")]
        return {name: self.rows(
            f"SELECT count(*), md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM {name} row")[0] for name in names}

    def schema(self) -> str:
        """Tables, policies, grants and functions, as pg_dump writes them."""
        text = subprocess.run([PROGRAMS / "pg_dump", "--schema-only", "--dbname", self.cluster.url("vestibule")], text=True,
                              capture_output=True, check=True).stdout
        return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


class Drill:
    """A platform with people, secrets and keys, and the ways back to it."""

    def __init__(self, people: int = 20):
        self.people = people
        self.place = Path(tempfile.mkdtemp(prefix="vst-backup-"))
        self.archive = self.place / "archive"
        self.archive.mkdir()
        self.host = IssuerHost()
        self.okta = self.host.issuer(OKTA)
        self.key = base64.b64encode(os.urandom(32)).decode()
        self.acknowledged: dict[str, str] = {}
        self.service = None
        self.cluster = PrivatePostgres(
            archive_mode="on", archive_command=f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f", wal_level="replica",
            synchronous_commit="on", fsync="off", shared_buffers="64MB").make()
        self.clusters = [self.cluster]
        for path in (self.place, self.archive):
            os.chown(path, self.cluster.home.stat().st_uid, self.cluster.home.stat().st_gid)
        self.cluster.start()
        for statement in ROLES.strip().splitlines():
            self.cluster.run(statement)
        assert vestibule("migrate", "up", env={"DATABASE_URL": self.url(self.cluster, "vestibule_owner")}).returncode == 0
        self.cluster.run("GRANT service_role TO vestibule_service")

    @staticmethod
    def url(cluster: PrivatePostgres, user: str = "postgres") -> str:
        return cluster.url("vestibule", user)

    def run(self, name: str, **variables) -> str:
        """Runs commands of the page as the server's user, as they stand there; gives what they printed."""
        env = clean_environment(**variables) | {"PATH": f"{PROGRAMS}:{self.place}:{os.environ['PATH']}"}
        result = subprocess.run(as_server("bash", "-c", "set -u\n" + commands()[name] + '\nexit "$?"'), env=env, cwd=self.place,
                                text=True, capture_output=True, timeout=300)
        assert result.returncode == 0, f"{name}: {result.stdout}{result.stderr}"
        return result.stdout + result.stderr

    def install(self):
        """The program where the server's user can run it, with its migrations."""
        program = self.place / "vestibule"
        program.write_text(f'#!/bin/sh\nVESTIBULE_MIGRATIONS={self.place}/Migrations exec {self.place}/program "$@"\n')
        (self.place / "program").write_bytes(BINARY.read_bytes())
        subprocess.run(["cp", "-r", ROOT / "Migrations", self.place], check=True)
        for path in (program, self.place / "program"):
            path.chmod(0o755)

    def begin(self, cluster: PrivatePostgres, key: str | None = None) -> Service:
        self.service = Service(self.place, self.url(cluster, "vestibule_service"), self.okta,
                               VESTIBULE_ENCRYPTION_KEY=key or self.key)
        return self.service

    def end(self):
        if self.service is not None:
            assert self.service.stop() == 0
            self.service = None

    def login(self, number: int):
        token = self.okta.token(f"person-{number}@people.example")
        answer = self.service.provision(token)
        assert answer.status_code in (200, 201), answer.text
        data = answer.json()["data"]
        self.acknowledged[data["identity"]["subject"]] = data["user"]["id"]

    def fill(self):
        """An owner, people by invite, a provider with a sealed secret, an API key."""
        service = self.begin(self.cluster)
        self.owner = "owner@people.example"
        answer = service.provision(self.okta.token(self.owner))
        assert answer.json()["data"]["decision"]["outcome"] == "platform_owner", answer.text
        data = answer.json()["data"]
        self.acknowledged[data["identity"]["subject"]] = data["user"]["id"]
        self.org = self.good("POST", "/orgs", {"name": "Acme"}, 201)["id"]
        for number in range(self.people):
            self.good("POST", f"/orgs/{self.org}/invites", {"email": f"person-{number}@people.example"}, 201)
            self.login(number)
        self.good("PUT", "/admin/idp-config/okta", {
            "issuer": self.okta.url, "client_id": CLIENT_ID, "audience": [AUDIENCE], "client_secret": "sealed-in-the-dump"})
        self.api_key = self.good("POST", "/admin/api-keys", {"name": "Core", "module": "core"}, 201)["key"]

    def good(self, method: str, path: str, body=None, status: int = 200):
        answer = self.service.request(method, path, self.okta.token(self.owner), **({} if body is None else {"json": body}))
        assert answer.status_code == status, answer.text
        return answer.json()["data"]

    def check(self, cluster: PrivatePostgres):
        """All that was acknowledged is there, wholly; the service works with it, and opens its secrets."""
        assert not (found := flaws(Content(cluster))), found
        assert not (lost := missing(Content(cluster), self.acknowledged)), lost
        verified = vestibule("migrate", "verify", env={"DATABASE_URL": self.url(cluster, "vestibule_owner")})
        assert verified.returncode == 0, verified.stderr
        service = self.begin(cluster)
        answer = service.provision(self.okta.token("person-0@people.example"))
        assert answer.status_code == 200 and answer.json()["data"]["decision"]["outcome"] == "existing", answer.text
        assert len(self.good("GET", f"/orgs/{self.org}/members?limit=1000")) >= 2
        # Row security: a member reads, and changes nothing.
        person = self.okta.token("person-0@people.example")
        assert service.get(f"/orgs/{self.org}", person).status_code == 200
        assert service.request("PUT", f"/orgs/{self.org}", person, json={"name": "Mine"}).status_code == 403
        checked = service.request("POST", "/api/v1/core/auth/verify", headers={"X-API-Key": self.api_key}, json={"token": person})
        assert checked.status_code == 200, checked.text
        assert "secrets_unopened" not in service.output()
        self.end()
        service = self.begin(cluster, base64.b64encode(os.urandom(32)).decode())
        eventually(lambda: "secrets_unopened" in service.output(), "the complaint about another key")
        self.end()

    def dump_and_restore(self) -> dict:
        """The page's dump, into a new cluster."""
        before = Content(self.cluster).tables()
        self.run("dump", CLUSTER=self.cluster.url(), DATABASE=self.url(self.cluster))
        other = PrivatePostgres(fsync="off").make().start()
        self.clusters.append(other)
        self.run("restore", OTHER_CLUSTER=other.url(), OTHER_DATABASE=self.url(other))
        assert Content(other).schema() == Content(self.cluster).schema()
        after = Content(other).tables()
        assert after == before, {name: (before.get(name), after.get(name)) for name in before | after
                                 if before.get(name) != after.get(name)}
        self.check(other)
        return {"tables": len(after), "rows": sum(count for count, _ in after.values())}

    def damage_and_recover(self, logins: int) -> dict:
        """A base copy, logins after it, a mistake, and the moment before the mistake."""
        base, data = self.place / "base", self.place / "data"
        self.run("base", CLUSTER=self.cluster.url(), BASE=base)
        self.begin(self.cluster)
        for number in range(self.people, self.people + logins):
            self.good("POST", f"/orgs/{self.org}/invites", {"email": f"person-{number}@people.example"}, 201)
            self.login(number)
        self.end()
        before = Content(self.cluster).tables()
        moment = self.cluster.rows("SELECT clock_timestamp()::text")[0][0]
        with psycopg.connect(self.cluster.url("vestibule"), autocommit=True) as mistake:
            mistake.execute("SET session_replication_role = replica")
            mistake.execute("DELETE FROM org_members")
            mistake.execute("SELECT pg_switch_wal()")
        assert flaws(Content(self.cluster)), "the damage is seen"
        self.cluster.stop()
        self.run("recover", BASE=base, DATA=data, ARCHIVE=self.archive, MOMENT=moment)
        recovered = PrivatePostgres(fsync="off")
        recovered.data = data
        self.clusters.append(recovered)
        recovered.start()
        assert Content(recovered).tables() == before
        self.check(recovered)
        return {"acknowledged": len(self.acknowledged), "segments": len(list(self.archive.iterdir()))}

    def close(self):
        if self.service is not None:
            self.service.stop()
        for cluster in self.clusters:
            cluster.remove()
        self.host.close()
        subprocess.run(["rm", "-rf", self.place], check=True)

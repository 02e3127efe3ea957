"""Migrations on a database in use: who reads goes on reading, whoever holds a table, up and down again."""

import re
import shutil
import threading
import time

import psycopg
import pytest

from harness.issuers import OKTA
from harness.people import unique
from harness.programs import BINARY, ROOT, Program, clean_environment, eventually
from harness.service import vestibule

#: The longest that a read may take: what a waiting migration holds it up (a quarter of a second) and a busy machine.
LONGEST = 3.0
LAST = "29990101000000_live"
UP = "ALTER TABLE org ADD COLUMN live text;\nALTER TABLE org ADD CONSTRAINT live CHECK (live <> '') NOT VALID;\n"
DOWN = "ALTER TABLE org DROP COLUMN live;\n"


class Readers:
    """Reads through the service and in SQL until told to stop; keeps how long each took."""

    def __init__(self, service, token: str, url: str):
        self.ended, self.took, self.wrong = threading.Event(), [], []
        self.threads = [threading.Thread(target=self.ask, args=[service, token]),
                        threading.Thread(target=self.query, args=[url])]
        for thread in self.threads:
            thread.start()

    def note(self, work):
        began = time.monotonic()
        try:
            work()
        except Exception as problem:
            self.wrong.append(repr(problem))
        self.took.append(time.monotonic() - began)
        time.sleep(0.005)

    def ask(self, service, token):
        def read():
            answer = service.get("/orgs", token)
            assert answer.status_code == 200 and len(answer.json()["data"]) == 1, answer.text

        while not self.ended.is_set():
            self.note(read)

    def query(self, url):
        with psycopg.connect(url, autocommit=True) as connection:
            while not self.ended.is_set():
                self.note(lambda: connection.execute("SELECT count(*) FROM org").fetchone())

    def stop(self) -> tuple[int, float]:
        self.ended.set()
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong[:3]
        return len(self.took), max(self.took)


@pytest.fixture
def migrations(tmp_path):
    """The project's own, and one more that needs a table for itself."""
    folder = tmp_path / "Migrations"
    shutil.copytree(ROOT / "Migrations", folder)
    (folder / f"{LAST}.sql").write_text(UP)
    (folder / "rollback" / f"{LAST}.sql").write_text(DOWN)
    return folder


@pytest.mark.parametrize("step", ["up", "down"])
def test_a_migration_waits_without_keeping_readers_waiting(folder, fresh_database, start, host, migrations, step):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    token = okta.token(unique())
    assert service.provision(token).status_code == 201
    env = {"DATABASE_URL": fresh_database.owner_url, "VESTIBULE_MIGRATIONS": migrations}
    if step == "down":
        assert vestibule("migrate", "up", env=env).returncode == 0
    with psycopg.connect(fresh_database.owner_url) as holder:
        holder.execute("SELECT count(*) FROM org")  # a report that takes its time
        readers = Readers(service, token, fresh_database.owner_url)
        command = ["migrate", "up"] if step == "up" else ["migrate", "down", "1"]
        migration = Program("migrate", [BINARY, *command], folder, clean_environment(**env))
        try:
            # Tried at least twice: the second time others have waited for it before.
            eventually(lambda: migration.output().count("waiting for a lock") >= 3, "the migration's tries", 60, migration.alive)
            assert migration.alive() and "tables are in use by pid" in migration.output()
            holder.rollback()
            assert migration.wait(60) == 0, migration.output()
            # And the service goes on with the table as it is now.
            assert service.get("/orgs", token).status_code == 200
        finally:
            count, longest = readers.stop()
    assert count > 50 and longest < LONGEST, (count, longest)
    columns = {row[0] for row in fresh_database.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'org'")}
    assert ("live" in columns) is (step == "up")


# What a migration may not do to tables that are in use.

#: Those before it were made for an empty database.
FIRST_LIVE = "20261122000000"

BLOCKING = {
    "an index built under a lock that keeps writers out; build it CONCURRENTLY, outside a transaction":
        r"CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)(IF\s+NOT\s+EXISTS\s+)?[\w.]+\s+ON\s+(?P<table>[\w.]+)",
    "a constraint that reads the whole table under its lock; add it NOT VALID, and VALIDATE it in a later migration":
        r"ALTER\s+TABLE\s+(?P<table>[\w.]+)[^;]*ADD\s+CONSTRAINT\s+\w+\s+(CHECK|FOREIGN\s+KEY)(?![^;]*NOT\s+VALID)",
    "a column that must not be null and has no default; it fails where there are rows":
        r"ALTER\s+TABLE\s+(?P<table>[\w.]+)\s+ADD\s+COLUMN\s+(?![^;,]*DEFAULT)[^;,]*NOT\s+NULL",
    "a type that rewrites the table": r"ALTER\s+TABLE\s+(?P<table>[\w.]+)[^;]*ALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE",
    "a table rewritten or locked for good": r"\b(VACUUM\s+FULL|CLUSTER|LOCK\s+TABLE)\b",
}


def blocking(text: str) -> list[str]:
    """What would keep others waiting. A table that the same file makes is nobody's yet."""
    text = re.sub(r"--[^\n]*", "", text)
    made = {name.lower() for name in re.findall(r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.]+)", text, re.I)}
    return [why for why, pattern in BLOCKING.items() for found in re.finditer(pattern, text, re.I)
            if found.groupdict().get("table", "").lower() not in made]


def test_new_migrations_keep_nobody_waiting():
    found = {path.name: why for path in sorted((ROOT / "Migrations").glob("*.sql"))
             if path.name >= FIRST_LIVE and (why := blocking(path.read_text()))}
    assert not found, found


@pytest.mark.parametrize("text, count", [
    ("CREATE INDEX a ON org (name);", 1), ("CREATE UNIQUE INDEX IF NOT EXISTS a ON org (name);", 1),
    ("-- outside a transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a ON org (name);", 0),
    ("CREATE TABLE t (id int);\nCREATE INDEX a ON t (id);\nALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);", 0),
    ("ALTER TABLE org ADD CONSTRAINT c CHECK (name <> '');", 1), ("ALTER TABLE org ADD CONSTRAINT c CHECK (name <> '') NOT VALID;", 0),
    ("ALTER TABLE org ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (c);", 1), ("ALTER TABLE org VALIDATE CONSTRAINT c;", 0),
    ("ALTER TABLE org ADD COLUMN a int NOT NULL;", 1), ("ALTER TABLE org ADD COLUMN a int NOT NULL DEFAULT 0;", 0),
    ("ALTER TABLE org ALTER COLUMN a TYPE bigint;", 1), ("VACUUM FULL;", 1), ("-- CREATE INDEX a ON org (name)", 0)])
def test_what_keeps_others_waiting_is_noticed(text, count):
    assert len(blocking(text)) == count


def test_outside_a_transaction_stands_one_statement():
    for path in (ROOT / "Migrations").rglob("*.sql"):
        text = path.read_text()
        if text.startswith("-- outside a transaction\n"):
            assert re.sub(r"--[^\n]*", "", text).strip().count(";") == 1, path.name

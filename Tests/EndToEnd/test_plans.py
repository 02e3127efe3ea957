"""Lists among very many rows: what the database reads for one page doesn't grow with them."""

import json
import os
from pathlib import Path

import pytest

from harness.crowd import fill
from harness.database import SERVICE
from harness.operations import World
from harness.programs import eventually

ROWS = int(os.environ.get("VESTIBULE_ROWS", 20_000))
#: Rows that may be read for a page of ten, joins and row security included.
MOST = 400


@pytest.fixture(scope="module")
def crowd(service, database, okta):
    world = World(service, database, okta)
    fill(database, world.org, ROWS)
    # Few rows are best read whole; it is asked whether an index can be used at all.
    if ROWS < 1_000_000:
        database.run(f"ALTER ROLE {SERVICE} IN DATABASE {database.name} SET enable_seqscan = off")
        begin_anew(service, database)
    return world


def begin_anew(service, database):
    """Ends the service's connections, so that they tell what they have read."""
    gone = [pid for pid, in database.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = %s", database.name, SERVICE)]
    # By itself: as a condition it could be asked of every connection of the cluster before the others.
    database.rows("SELECT pg_terminate_backend(pid) FROM unnest(%s::integer[]) pid", gone)
    eventually(lambda: database.one(
        "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)", gone) == 0, "the end", 10)
    eventually(lambda: service.get("/readyz").status_code == 200, "readiness", 20)


def read(database) -> dict:
    """Rows read since the counters were set back, by table."""
    return {name: count for name, count in database.rows(
        "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables"
        " WHERE seq_tup_read + coalesce(idx_tup_fetch, 0) > 0")}


def lists(service) -> list:
    document = service.get("/openapi.json").json()
    found = []
    for path, item in document["paths"].items():
        answers = item.get("get", {}).get("responses", {})
        schema = answers.get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "page" in schema.get("properties", {}) and item["get"]["security"] == [{"IdentityProviderToken": []}]:
            found.append((path, item["get"]["operationId"]))
    assert len(found) >= 9
    return found


#: Filters that are looked up, and not gone through.
FILTERS = {
    "listUsers": ["search=p77", "email=p77@many.example", "org_id={org}"],
    "listOrgs": ["slug=o77"], "listInvites": ["email=i70@many.example"],
    "listAudit": ["org_id={org}", "actor_id={person}", "resource_type=org&resource_id=77"],
    "listAuthEvents": ["user_id={person}"],
}


def test_a_page_reads_few_rows(service, database, crowd):
    names = {"org": crowd.org, "person": crowd.owner.id}
    much = {}
    for path, operation in lists(service):
        assert World.knows(operation), f"say in harness/operations.py how {operation} is asked"
        ask = crowd.ask(operation)
        for query in ["limit=10", *("limit=10&" + more.format(**names) for more in FILTERS.get(operation, []))]:
            for who in {ask.who, crowd.admin}:
                who.good("GET", "/profiles/me")
                begin_anew(service, database)
                database.run("SELECT pg_stat_reset()")
                who.good("GET", f"{ask.path}?{query}")
                begin_anew(service, database)
                counted = read(database)
                if sum(counted.values()) > MOST:
                    much[f"{ask.path}?{query}", who is crowd.admin] = counted
    assert much == {}, much


def test_an_export_takes_no_more_memory_however_long_it_is(service, crowd):
    """Its parts follow each other by `Link`, and are whole: every line once."""
    def export(most: int) -> tuple:
        path, lines, parts = "/admin/audit?format=ndjson", [], 0
        while path and parts < most:
            answer = crowd.admin.call("GET", path)
            assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/x-ndjson"
            lines += [json.loads(line)["id"] for line in answer.text.splitlines()]
            path = answer.links.get("next", {}).get("url")
            parts += 1
        return lines, resident(service.program.pid)

    _, after_one = export(1)
    lines, after_all = export(10)
    assert len(lines) == len(set(lines)) >= min(ROWS, 100_000)
    # A part of ten thousand lines comes to some MiB.
    assert after_all <= after_one * 1.25 + 8192


def resident(pid: int) -> int:
    """Memory in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])

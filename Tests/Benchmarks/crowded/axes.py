"""What there may be much of."""

import socket
import uuid
from pathlib import Path

from meter import CALLS, ROUNDS, in_turn, processor, round_trip

from harness.crowd import acquaint
from harness.database import Database
from harness.issuers import AUDIENCE, OIDC, OKTA
from harness.service import Service, migrated


def service(folder: Path, database, okta, **more) -> Service:
    return Service(folder, database.service_url, okta, **(
        {"VESTIBULE_THREADS": 1, "LOG_LEVEL": "warning", "VESTIBULE_UPKEEP": 0, "VESTIBULE_PRINCIPAL_TTL": 3600} | more))


def prepared() -> Database:
    database = migrated(Database())
    database.settle_bootstrap()
    return database


def with_orgs(database: Database, count: int):
    """So many orgs, made without triggers."""
    database.run(f"BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO org (name, slug) SELECT 'Org ' || n,"
                 f" 'org-' || n FROM generate_series(1, {count}) n; COMMIT")


def file_of(folder: Path, tokens: list) -> Path:
    path = folder / f"tokens-{uuid.uuid4().hex}"
    path.write_text("".join(f"{one}\n" for one in tokens))
    return path


def memberships(folder: Path, host, table):
    """One person in so many orgs."""
    sizes, crowd = (1, 10, 100, 500), CALLS + 1
    okta = host.issuer(OKTA)
    okta.rotate(keep=False, algorithm="ES256")
    database = prepared()
    with_orgs(database, 1000)
    emails = acquaint(database, okta, "crowd", crowd * len(sizes))
    people = {size: emails[number * crowd:(number + 1) * crowd] for number, size in enumerate(sizes)}
    last = database.one("SELECT id::text FROM org WHERE slug = 'crowd'")
    for size, some in people.items():
        database.run(
            "INSERT INTO org_members (org_id, user_id) SELECT o.id, u.id FROM auth.users u,"
            " (SELECT id FROM org WHERE slug LIKE 'org-%%' ORDER BY slug LIMIT %s) o WHERE u.email = ANY (%s)", size - 1, some)
    database.run("DELETE FROM change_notices")
    database.run("VACUUM ANALYZE")
    one, scales = service(folder, database, okta), service(folder, database, okta)
    try:
        tokens = {size: [okta.token(email) for email in some] for size, some in people.items()}
        for size, some in tokens.items():
            before = memory(scales.program.pid)
            for token in some:
                round_trip(scales, "GET", "/authorize/nginx", token)
            table.note(f"orgs of one person: {size}", "memory of a remembered token and principal",
                       f"{(memory(scales.program.pid) - before) / len(some) / 1000:.1f} kB")
        left = {size: iter(some) for size, some in tokens.items()}
        table.add("orgs of one person", "authorize, not remembered, round trip", in_turn(
            sizes, lambda size: round_trip(one, "GET", "/authorize/nginx", next(left[size])), CALLS), is_flat=False)
        hot = {size: file_of(folder, some[:8]) for size, some in tokens.items()}
        table.add("orgs of one person", "authorize, remembered, processor time", in_turn(
            sizes, lambda size: processor(one, hot[size]), ROUNDS))
        table.add("orgs of one person", "the same in the org of X-Org-Id", in_turn(
            sizes, lambda size: processor(one, hot[size], last), ROUNDS))
        table.add("orgs of one person", "GET /profiles/me, which lists them, round trip", in_turn(
            sizes, lambda size: round_trip(one, "GET", "/profiles/me", tokens[size][0]), CALLS), is_flat=False)
    finally:
        one.stop()
        scales.stop()
        database.drop()


def orgs(folder: Path, host, table):
    """So many orgs on the platform."""
    okta = host.issuer(OKTA)
    okta.rotate(keep=False, algorithm="ES256")
    sides, left = {}, {}
    try:
        for size in (1000, 100_000):
            database = prepared()
            with_orgs(database, size)
            database.domain(database.one("SELECT id FROM org WHERE slug = 'org-7'"), "new.example")
            emails = acquaint(database, okta, "crowd", 2 * CALLS + 2)
            # Each in an org of their own.
            database.run("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO org_members (org_id, user_id)"
                         " SELECT o.id, u.id FROM (SELECT id, row_number() OVER () n FROM auth.users) u JOIN"
                         " (SELECT id, row_number() OVER (ORDER BY md5(slug)) n FROM org WHERE slug LIKE 'org-%') o USING (n);"
                         " COMMIT")
            database.run("VACUUM ANALYZE")
            sides[size] = database, service(folder, database, okta)
            left[size] = iter([okta.token(email) for email in emails])
        for what, call in (
                ("authorize, not remembered, round trip", lambda size: ("GET", "/authorize/nginx", next(left[size]))),
                ("GET /profiles/me, not remembered, round trip", lambda size: ("GET", "/profiles/me", next(left[size]))),
                ("first login, round trip", lambda size: (
                    "POST", "/identities/provision", okta.token(f"{uuid.uuid4().hex}@new.example"), 201))):
            table.add("orgs", what, in_turn(sides, lambda size: round_trip(sides[size][1], *call(size)), CALLS), is_flat=True)
    finally:
        for database, one in sides.values():
            one.stop()
            database.drop()


def issuers(folder: Path, host, table):
    """So many issuers whose tokens are accepted, all of them in use."""
    sizes, sides = (1, 10, 50), {}
    try:
        for size in sizes:
            database = prepared()
            several = [host.issuer(OIDC) for _ in range(size)]
            for number, issuer in enumerate(several):
                issuer.rotate(keep=False, algorithm="ES256")
                database.run("INSERT INTO platform_idp_config (provider, issuer, audience, accept_tokens, is_active)"
                             " VALUES (%s, %s, ARRAY[%s], true, %s)", f"oidc-{number}", issuer.url, AUDIENCE, number == 0)
                several[number].emails = acquaint(database, issuer, f"crowd-{number}", 50 // size)
            one = Service(folder, database.service_url, VESTIBULE_THREADS=1, LOG_LEVEL="warning", VESTIBULE_UPKEEP=0,
                          VESTIBULE_PRINCIPAL_TTL=3600, VESTIBULE_IDP_ALLOW_HTTP="true")
            # Fifty tokens on each side, so that only the number of issuers differs.
            tokens = [issuer.token(email) for issuer in several for email in issuer.emails]
            blank = Service(folder, database.service_url, VESTIBULE_THREADS=1, LOG_LEVEL="warning", VESTIBULE_UPKEEP=0,
                            VESTIBULE_PRINCIPAL_TTL=3600, VESTIBULE_IDP_ALLOW_HTTP="true", VESTIBULE_TOKEN_CACHE=0)
            sides[size] = database, one, blank, file_of(folder, tokens)
        table.add("issuers", "authorize, token remembered, processor time", in_turn(
            sizes, lambda size: processor(sides[size][1], sides[size][3]), ROUNDS))
        table.add("issuers", "authorize, ES256 token verified each time, processor time", in_turn(
            sizes, lambda size: processor(sides[size][2], sides[size][3]), ROUNDS))
    finally:
        for database, one, blank, _ in sides.values():
            one.stop()
            blank.stop()
            database.drop()


def rules(folder: Path, host, table):
    """So many route rules; the last one matches."""
    okta = host.issuer(OKTA)
    database, sides = prepared(), {}
    try:
        emails = acquaint(database, okta, "crowd", 8)
        for size in (1, 10, 100, 1000):
            lines = [f'{{ method: "GET", host: "*", path: "/area{n}/{{org_id}}/**", require: {{ org_role: "org_owner" }} }}'
                     for n in range(size - 1)]
            lines.append('{ method: "GET", host: "*", path: "/orders", require: { org_role: "org_user" } }')
            config = folder / f"rules-{size}.json5"
            config.write_text("{ routes: [\n" + ",\n".join(lines) + "\n] }")
            sides[size] = service(folder, database, okta, config=config)
        tokens = file_of(folder, [okta.token(email) for email in emails])
        table.add("route rules", "authorize, the last of them matches, processor time", in_turn(
            sides, lambda size: processor(sides[size], tokens), ROUNDS), is_flat=False)
    finally:
        for one in sides.values():
            one.stop()
        database.drop()


def connections(folder: Path, host, table):
    """So many idle connections that were each answered once."""
    okta = host.issuer(OKTA)
    database, held = prepared(), []
    one = None
    try:
        token = okta.token(acquaint(database, okta, "crowd", 1)[0])
        tokens, one = file_of(folder, [token]), service(folder, database, okta)
        question = (f"GET /authorize/nginx HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n").encode()
        costs, before = {}, memory(one.program.pid)
        for size in (1, 1000, 10_000):
            while len(held) < size:
                held.append(socket.create_connection(("127.0.0.1", one.port), 20))
                held[-1].sendall(question)
                assert held[-1].recv(4096).startswith(b"HTTP/1.1 200")
            costs[size] = in_turn([size], lambda _: processor(one, tokens), ROUNDS)[size]
        each = (memory(one.program.pid) - before) / len(held)
        table.add("idle connections", "authorize among them, processor time", costs)
        table.note("idle connections", "memory of each, of the process's own", f"{each / 1000:.2f} kB")
    finally:
        for connection in held:
            connection.close()
        if one:
            one.stop()
        database.drop()


def memory(pid: int) -> int:
    """Bytes of the process's own."""
    return next(int(line.split()[1]) * 1024 for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                if line.startswith("Private_Dirty:"))

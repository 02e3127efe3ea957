"""Config/migration: lists of users become lines of an import, and an old authorizer's decisions are held against ours."""

import importlib.util
import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harness.database import Database, address
from harness.gateway_events import event
from harness.programs import ROOT, clean_environment
from harness.service import migrated, vestibule

FOLDER = ROOT / "Config/migration"


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


shadow = load("shadow")


@pytest.fixture
def provider():
    """Answers as Okta's and Clerk's lists do: pages, once too many, and keeps what it was sent."""
    seen = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.path, self.headers["Authorization"]))
            origin = f"http://127.0.0.1:{server.server_port}"
            status, fields, body = 200, [], []
            if self.path.startswith("/api/v1/users"):
                number = int(self.path.partition("after=")[2] or 0)
                if number == 1 and len(seen) == 2:
                    status, fields = 429, [("X-Rate-Limit-Reset", str(int(time.time())))]
                else:
                    body = [{"id": f"00u{number}{i}", "status": "ACTIVE" if i else "SUSPENDED",
                             "profile": {"email": f"p{number}{i}@acme.example", "firstName": "Ünal"}} for i in range(2)]
                    fields = [("Link", f'<{origin}/api/v1/users?limit=200>; rel="self"')]
                    if number < 2:
                        fields.append(("Link", f'<{origin}/api/v1/users?after={number + 1}>; rel="next"'))
            elif "offset=0" in self.path:
                body = [
                    {"id": "user_1", "first_name": "Ada", "last_name": None, "primary_email_address_id": "idn_2", "banned": False,
                     "email_addresses": [{"id": "idn_1", "email_address": "old@a.example", "verification": None},
                                         {"id": "idn_2", "email_address": "ada@a.example", "verification": {"status": "verified"}}]},
                    {"id": "user_2", "email_addresses": [], "primary_email_address_id": None},
                    {"id": "user_3", "banned": True, "primary_email_address_id": "x",
                     "email_addresses": [{"id": "x", "email_address": "b@a.example", "verification": None}]}]
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in fields:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.seen = seen
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def users(*arguments, **env):
    return subprocess.run([sys.executable, "-B", FOLDER / "users.py", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60, env=clean_environment(NO_PROXY="*", **env))


def test_oktas_list_is_read_page_by_page(provider, tmp_path):
    orgs = tmp_path / "orgs.csv"
    orgs.write_text("email,org_slug,role\nP01@acme.example,acme,org_admin\np01@acme.example,globex,\n")
    done = users("okta", "--url", f"http://127.0.0.1:{provider.server_port}/", "--orgs", orgs, OKTA_API_TOKEN="secret")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"subject": "00u01", "email": "p01@acme.example", "first_name": "Ünal", "org_slug": "acme", "role": "org_admin"},
        {"subject": "00u01", "email": "p01@acme.example", "first_name": "Ünal", "org_slug": "globex"},
        {"subject": "00u11", "email": "p11@acme.example", "first_name": "Ünal"},
        {"subject": "00u21", "email": "p21@acme.example", "first_name": "Ünal"}]
    assert "3 people, left out: {'SUSPENDED': 3}" in done.stderr
    assert len(provider.seen) == 4 and {value for _, value in provider.seen} == {"SSWS secret"}


def test_clerks_list_says_what_is_verified(provider):
    done = users("clerk", "--url", f"http://127.0.0.1:{provider.server_port}", CLERK_SECRET_KEY="sk_x")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"subject": "user_1", "email": "ada@a.example", "email_verified": True, "first_name": "Ada"}]
    assert "'no e-mail': 1" in done.stderr and "'banned': 1" in done.stderr


def test_without_a_token_or_a_source_it_says_so(tmp_path):
    assert "OKTA_API_TOKEN is not set" in users("okta", "--url", "http://127.0.0.1:1").stderr
    assert users("okta").returncode == 2


def test_people_and_their_orgs_come_over_from_the_old_tables(fresh_database, service, okta, tmp_path):
    """Out of one database by export.sql, into another by the import, and out of that the same again."""
    old = fresh_database
    for slug in ("acme", "globex"):
        org = old.org(slug)
        for name, role in (("ada", "org_owner"), ("bob", "org_user")):
            user = old.one("SELECT id FROM auth.users WHERE email = %s", f"{name}@old.example") or old.one(
                "INSERT INTO auth.users (email) VALUES (%s) RETURNING id", f"{name}@old.example")
            old.run("INSERT INTO profiles (user_id, email, full_name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", user,
                    f"{name}@old.example", name.title())
            old.run("INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id)"
                    " VALUES (%s, 'okta', %s, %s) ON CONFLICT DO NOTHING", user, okta.url, okta.subject(f"{name}@old.example"))
            old.run("INSERT INTO org_members (org_id, user_id, role) VALUES (%s, %s, %s)", org, user, role)
    gone = old.one("INSERT INTO auth.users (email, is_active) VALUES ('gone@old.example', false) RETURNING id")
    old.run("INSERT INTO profiles (user_id, email) VALUES (%s, 'gone@old.example')", gone)
    exported = export(old)
    assert len(exported) == 4 and "gone@old.example" not in "".join(exported)
    new = migrated(Database())
    try:
        for slug in ("acme", "globex"):
            new.org(slug)
        new.settle_bootstrap()
        file = tmp_path / "people.ndjson"
        file.write_text("\n".join(exported) + "\n")
        env = service.environment | {"DATABASE_URL": new.service_url}
        # The database learns of its issuer as it does at a start.
        new.run("INSERT INTO platform_idp_config (provider, issuer, audience, client_id, is_active)"
                " VALUES ('okta', %s, ARRAY['api://default'], 'x', true)", okta.url)
        done = vestibule("import", file, "--provider", "okta", env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "2 created" in done.stdout
        assert sorted(export(new)) == sorted(exported)
    finally:
        new.drop()


def export(database) -> list:
    where = address()
    done = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", where["host"], "-p", str(where.get("port", 5432)), "-U", where["user"],
         "-d", database.name, "-f", FOLDER / "export.sql"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# The comparison.

ASKED = event("rest_token", "x")
POLICY = {"principalId": "p", "policyDocument": {"Statement": [{"Effect": "Allow", "Resource": "arn:aws:*:a1b2c3d4e5/prod/*"}]}}


@pytest.mark.parametrize("answer, outcome", [
    (POLICY, "allow"), ({"isAuthorized": True}, "allow"), ({"isAuthorized": "true"}, "deny"), ({"isAuthorized": False}, "deny"),
    ({"policyDocument": {"Statement": [{"Effect": "Allow", "Resource": ["arn:aws:*:other/prod/*"]}]}}, "deny"),
    ({"policyDocument": {"Statement": POLICY["policyDocument"]["Statement"] + [
        {"Effect": "Deny", "Resource": ASKED["methodArn"]}]}}, "deny"),
    ({}, "deny"), (None, "error"), ("yes", "error"), ({"errorMessage": "Unauthorized"}, "deny"),
    ({"errorMessage": "Task timed out"}, "error")])
def test_an_answer_is_read_as_the_gateway_reads_it(answer, outcome):
    assert shadow.read(answer, ASKED).outcome == outcome


def test_what_is_the_services_own_trouble_is_no_decision(service):
    assert shadow.ask("http://127.0.0.1:1/authorize/aws", ASKED).outcome == "error"
    assert shadow.ask(service.origin + "/nowhere", ASKED).outcome == "error"
    refused = shadow.ask(service.origin + "/authorize/aws", ASKED)
    assert (refused.outcome, refused.why) == ("deny", "token_malformed")


def test_the_old_function_answers_what_it_always_did(service, okta, owner, capsys):
    def allow(event, _):
        return POLICY

    def refuse(event, _):
        raise Exception("Unauthorized")

    url = service.origin + "/authorize/aws"
    good, bad = event("rest_token", owner.token), event("rest_token", "not.a.token")
    assert shadow.shadowed(allow, url)(good, None) is POLICY
    assert capsys.readouterr().out == ""
    assert shadow.shadowed(allow, url)(bad, None) is POLICY
    line = capsys.readouterr().out
    assert json.loads(line)["why"] == "token_malformed" and "not.a.token" not in line
    with pytest.raises(Exception, match="^Unauthorized$"):
        shadow.shadowed(refuse, url)(good, None)
    assert json.loads(capsys.readouterr().out) | {"request": ""} == {
        "shadow": "differs", "in": ["outcome"], "request": "", "old": "deny", "new": "allow", "why": ""}


def test_a_service_that_hangs_costs_half_a_second(capsys):
    import socket
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        assert shadow.shadowed(lambda *_: POLICY, f"http://127.0.0.1:{silent.getsockname()[1]}/")(ASKED, None) is POLICY
        assert time.monotonic() - began < 3
    assert json.loads(capsys.readouterr().out)["new"] == "error"


@pytest.mark.parametrize("kind", ["async", "callback"])
def test_a_function_in_javascript_is_compared(service, okta, owner, tmp_path, kind):
    answers = """const answer = event => {
        const token = event.authorizationToken.slice(7)
        if (!token.includes(".")) throw new Error("Unauthorized")
        if (token === "a.b.c") throw new Error("out of luck")
        return {principalId: "x", context: {sub: "another"}, policyDocument: {Statement: [{Effect: "Allow", Resource: event.methodArn}]}}
    }
    """
    (tmp_path / "mine.js").write_text(answers + {
        "async": "exports.handler = async event => answer(event)",
        "callback": "exports.handler = (event, _, back) => { try { back(null, answer(event)) } catch (e) { back(e) } }"}[kind])
    events = tmp_path / "events.ndjson"
    events.write_text("\n".join(json.dumps(event("rest_token", token)) for token in (owner.token, "nonsense", "a.b.c")) + "\n\n")

    def compare(*more):
        return subprocess.run(
            [sys.executable, "-B", FOLDER / "shadow.py", events, "--old-command", f"node {FOLDER}/run.js mine.js", "--new",
             service.origin + "/authorize/aws", *more], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    done = compare()
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        "line 3: prod/GET/orders/1: old error (out of luck), new deny (token_malformed)", "2 the same, 1 differ"]
    assert "line 1: prod/GET/orders/1: sub differs" in compare("--context", "sub").stdout
    events.write_text(json.dumps(event("rest_token", owner.token)))
    assert compare().returncode == 0


def test_asking_while_it_only_watches_writes_nothing(start, fresh_database, okta):
    service = start(fresh_database.service_url, okta, VESTIBULE_UNPROVISIONED="deny")
    tables = [name for (name,) in fresh_database.rows("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                                                      " WHERE schemaname IN ('public', 'auth')")]

    def rows():
        return [fresh_database.one(f"SELECT count(*) FROM {name}") for name in tables]

    before = rows()
    decision = shadow.ask(service.origin + "/authorize/aws", event("rest_token", okta.token("new@old.example")))
    assert decision.outcome == "deny"
    assert rows() == before

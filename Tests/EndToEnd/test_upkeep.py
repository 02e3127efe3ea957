"""What the service does by itself from time to time: once for all instances, and the proofs of domains."""

import re
import shutil
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from harness.issuers import OKTA
from harness.programs import eventually, free_port
from test_orgs import Person, unique

OFTEN = {"VESTIBULE_UPKEEP": 1}


class NameServer:
    """dnsmasq with the records that a test wants; started anew when they change."""

    def __init__(self):
        self.port = free_port()
        self.process = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def publish(self, *domains):
        self.stop()
        records = [f"--txt-record={domain['verification']['name']},{domain['verification']['value']}" for domain in domains]
        self.process = subprocess.Popen([
            "dnsmasq", "--no-daemon", f"--port={self.port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--local=/example/", *records], stderr=subprocess.PIPE)
        for line in self.process.stderr:
            if b"started" in line:
                return
        raise AssertionError("dnsmasq did not start")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


@pytest.fixture
def names():
    if not shutil.which("dnsmasq"):
        pytest.skip("needs dnsmasq")
    server = NameServer()
    yield server
    server.stop()


def test_what_is_over_is_cleared_away_by_one_instance(start, fresh_database, host):
    okta, database = host.issuer(OKTA), fresh_database
    database.settle_bootstrap()
    org = database.org("acme")
    over, open_ = database.invite(org, unique(), expires="-1 hour"), database.invite(org, unique())
    database.run("INSERT INTO change_notices (topic, key, created_at) SELECT 'user', gen_random_uuid(), now() - interval"
                 " '2 hours' FROM generate_series(1, 50)")
    database.run("INSERT INTO session_revocations (issuer, session_id, revoked_at) VALUES ('i', 'old', now() - interval"
                 " '100 days'), ('i', 'new', now())")
    database.run("INSERT INTO webhook_deliveries (provider, delivery_id, event_type, payload, created_at) VALUES"
                 " ('clerk', 'old', 'x', '{}', now() - interval '91 days'), ('clerk', 'new', 'x', '{}', now())")
    database.run("SELECT set_config('app.log_upkeep', 'on', false)")
    database.run("INSERT INTO auth_events (event, outcome, created_at) VALUES ('login', 'old', now() - interval '500 days')")
    services = [start(database.service_url, okta, **OFTEN) for _ in range(3)]
    eventually(lambda: database.one("SELECT count(*) FROM upkeep_runs") == 4, "every job")
    assert database.one("SELECT status FROM org_invites WHERE id = %s", over) == "expired"
    assert database.one("SELECT status FROM org_invites WHERE id = %s", open_) == "pending"
    assert database.one("SELECT count(*) FROM change_notices WHERE created_at < now() - interval '1 hour'") == 1
    assert database.rows("SELECT session_id FROM session_revocations") == [("new",)]
    assert database.rows("SELECT delivery_id FROM webhook_deliveries") == [("new",)]
    assert database.one("SELECT count(*) FROM auth_events WHERE outcome = 'old'") == 0
    for log in ("auth_events", "audit_log"):
        assert database.one("SELECT count(*) FROM pg_inherits WHERE inhparent = %s::regclass", log) == 4, log
    assert database.one("SELECT tableoid::regclass::text FROM audit_log LIMIT 1") != "audit_log_default"
    # Several rounds of three instances: each job was done once within its time.
    done = {}

    def rounds():
        for number, service in enumerate(services):
            done[number] = sum(float(count) for count in re.findall(
                r'vestibule_upkeep_runs_total\{[^}]*outcome="done"[^}]*\} (\d+)', service.get("/metrics").text))
        return sum(done.values()) >= 4

    eventually(rounds, "the counts of the instances")
    # The job of invites comes again after a minute: nothing else may have run twice by now.
    assert database.one("SELECT max(runs) FROM upkeep_runs") <= 2
    assert sum(done.values()) <= 8
    for service in services:
        assert "upkeep_failed" not in service.output()


def test_upkeep_can_be_left_to_others(start, fresh_database, host):
    okta = host.issuer(OKTA)
    idle = start(fresh_database.service_url, okta, VESTIBULE_UPKEEP=0)
    start(fresh_database.service_url, okta, **OFTEN)
    eventually(lambda: fresh_database.one("SELECT count(*) FROM upkeep_runs") == 4, "every job")
    assert "vestibule_upkeep_runs_total" not in idle.get("/metrics").text


def test_a_job_that_fails_is_done_again_and_keeps_no_other_from_being_done(start, fresh_database, host):
    database = fresh_database
    database.run("ALTER FUNCTION prune_change_notices() RENAME TO elsewhere")
    service = start(database.service_url, host.issuer(OKTA), **OFTEN)
    eventually(lambda: "upkeep_failed" in service.output(), "the failure")
    eventually(lambda: database.one("SELECT count(*) FROM upkeep_runs") == 3, "the others")
    database.run("ALTER FUNCTION elsewhere() RENAME TO prune_change_notices")
    eventually(lambda: database.one("SELECT count(*) FROM upkeep_runs") == 4, "the repetition")


def test_a_new_month_of_logs_waits_for_logins_and_ends_none(fresh_database):
    """A login has written to one log, months are to be made, and the login goes on to the other log."""
    database = fresh_database
    login = psycopg.connect(database.owner_url)
    with ThreadPoolExecutor(1) as pool:
        login.execute("INSERT INTO audit_log (action, resource_type) VALUES ('login', 'user')")
        months = pool.submit(database.one, "SELECT make_log_partitions()")
        waits = ("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database ="
                 " (SELECT oid FROM pg_database WHERE datname = current_database()))")
        eventually(lambda: login.execute(waits).fetchone()[0], "the wait")
        login.execute("INSERT INTO auth_events (event, outcome) VALUES ('login', 'existing')")
        login.commit()
        assert months.result() == 6
    login.close()


def test_a_proof_that_is_gone_for_long_ends_the_domain(start, fresh_database, host, names):
    okta, database = host.issuer(OKTA), fresh_database
    database.settle_bootstrap()
    services = [start(database.service_url, okta, VESTIBULE_DNS_SERVER=names.address, **OFTEN) for _ in range(2)]
    owner = Person(services[0], database, okta)
    org = owner.good("POST", "/orgs", {"name": "Acme"}, 201)["id"]
    name = f"{uuid.uuid4().hex[:8]}.example"
    domain = owner.good("POST", f"/orgs/{org}/domains", {"domain": name}, 201)
    names.publish(domain)
    assert owner.good("POST", f"/orgs/{org}/domains/{domain['id']}/verify")["is_verified"] is True

    def look(column: str = "failed_checks"):
        return database.one(f"SELECT {column} FROM org_email_domains WHERE id = %s", domain["id"])

    def due(again: bool = True):
        """Makes the look due, and waits until it was taken on and has ended."""
        database.run("UPDATE org_email_domains SET checked_at = now() - interval '13 hours'")
        eventually(lambda: look("checked_at > now() - interval '12 hours'"), "a look")

    # Found again: nothing changes.
    due()
    assert (look(), look("is_verified")) == (0, True)
    # DNS that can't be asked is no miss; it is asked again in an hour.
    names.stop()
    due()
    eventually(lambda: look("checked_at < now() - interval '10 hours'"), "the answer that is none", 30)
    assert (look(), look("is_verified")) == (0, True)
    # Misses count, and are forgotten when the proof is back.
    names.publish()
    due()
    eventually(lambda: look() == 1, "a miss")
    assert owner.good("GET", f"/orgs/{org}/domains")[0]["missing_since"] is not None
    names.publish(domain)
    due()
    eventually(lambda: look() == 0, "the proof")
    assert look("missing_since") is None
    # Three misses in a short time are not enough …
    names.publish()
    for misses in (1, 2, 3, 4):
        due()
        eventually(lambda: look() == misses, "a miss")
    assert look("is_verified") is True
    newcomer = services[1].provision(okta.token(f"ada@{name}"))
    assert newcomer.status_code == 201, newcomer.text
    # … but another one after two days is.
    database.run("UPDATE org_email_domains SET missing_since = now() - interval '49 hours'")
    due()
    eventually(lambda: look("is_verified") is False, "the loss")
    listed = owner.good("GET", f"/orgs/{org}/domains")[0]
    assert listed["is_verified"] is False and listed["verified_at"] is None
    for service in services:
        answer = service.provision(okta.token(f"eve-{uuid.uuid4().hex[:6]}@{name}"))
        assert answer.status_code == 403, answer.text
    # Who is in stays in; the loss stands in the org's audit and in the log, once.
    assert services[0].provision(okta.token(f"ada@{name}")).status_code == 200
    assert database.rows("SELECT org_id::text, actor_kind, details ->> 'domain' FROM audit_log"
                         " WHERE action = 'org_email_domains.proof_lost'") == [(org, "service", name)]
    assert database.one("SELECT count(*) FROM change_notices WHERE topic = 'domain' AND key = %s", name) >= 1
    assert sum(service.output().count("domain_proof_lost") for service in services) == 1
    # Published again, it is verified again.
    names.publish(domain)
    assert owner.good("POST", f"/orgs/{org}/domains/{domain['id']}/verify")["missing_since"] is None
    assert services[1].provision(okta.token(f"eve-{uuid.uuid4().hex[:6]}@{name}")).status_code == 201

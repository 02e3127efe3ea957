"""CONTRACT section 11: health, readiness, metrics, outages of the database, and a graceful end."""

import json
import re
import signal
import socket
import threading
import time

import pytest

from harness.database import SERVICE, Database, Relay
from harness.issuers import OKTA
from harness.programs import accepts, eventually
from harness.service import migrated, problem, vestibule


#: Well formed and of nobody.
KEY = f"vst_{'0' * 16}_{'0' * 64}"


@pytest.fixture
def relay():
    relay = Relay()
    yield relay
    relay.close()


def remember(service, token: str):
    """Makes the instance know the person, and goes on once the notice of their own provisioning has passed: it makes
    the instance forget them again."""
    for _ in range(10):
        assert service.authorize(token).status_code == 200
        time.sleep(0.05)


def test_health_and_readiness(service):
    assert service.get("/healthz").status_code == 200
    assert service.get("/readyz").status_code == 200


def test_metrics_are_prometheus_text(service, okta):
    service.authorize(okta.token("nobody@example.com"))
    service.authorize(None)
    response = service.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    names, typed = set(), set()
    for line in response.text.splitlines():
        if line.startswith("# TYPE"):
            typed.add(line.split()[2])
        elif line and not line.startswith("#"):
            found = re.fullmatch(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.e+-]+|[+-]?Inf|NaN)', line)
            assert found, line
            names.add(found[1])
    assert names and all(any(name == kind or name.startswith(kind + "_") for kind in typed) for name in names)
    assert "nobody@" not in response.text


def test_metrics_and_what_is_wrong_are_for_their_readers_alone(service, start, fresh_database, host):
    """A client behind a gateway is a stranger; so is a peer that is not listed."""
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    refused = service.get("/metrics", headers=stranger)
    assert (refused.status_code, problem(refused)) == (403, "forbidden")
    assert "vestibule_" not in refused.text
    ready = service.get("/readyz", headers=stranger)
    assert ready.status_code == 200 and ready.json() == {"status": "ready"}
    assert set(service.get("/readyz").json()["checks"]) == {"database", "keys", "migrations"}
    other = start(fresh_database.service_url, host.issuer(OKTA), VESTIBULE_METRICS_PEERS="203.0.113.0/24")
    assert other.get("/metrics").status_code == 403 and "checks" not in other.get("/readyz").json()
    assert other.get("/metrics", headers=stranger).status_code == 200
    # Nobody makes themselves a reader: only a gateway names addresses, and only the last of them counts.
    assert other.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}).status_code == 403
    alone = start(fresh_database.service_url, host.issuer(OKTA), VESTIBULE_METRICS_PEERS="203.0.113.0/24",
                  VESTIBULE_TRUSTED_PROXIES="192.0.2.0/24")
    assert alone.get("/metrics", headers=stranger).status_code == 403


def test_logs_are_JSON_lines_without_personal_data(start, fresh_database, host):
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    service.provision(okta.token("ada.lovelace@example.com"), headers={"X-Request-Id": "find-me"})
    service.get("/healthz")
    lines = eventually(lambda: [line for line in service.output().splitlines() if "find-me" in line], "the log", 5)
    for line in service.output().splitlines():
        entry = json.loads(line)
        assert {"time", "level", "event"} <= set(entry), line
    assert any({"route", "status", "duration_us", "request_id"} <= set(json.loads(line)) for line in lines)
    assert "ada.lovelace@" not in service.output()


@pytest.mark.parametrize("how", ["cut", "freeze"])
def test_a_database_that_is_away_is_503_and_mends_itself(start, fresh_database, host, relay, how):
    okta = host.issuer(OKTA)
    service = start(relay.url(SERVICE, fresh_database.name), okta)
    owner = okta.token("owner@example.com")
    assert service.provision(owner).status_code == 201
    remember(service, owner)
    getattr(relay, how)()
    began = time.monotonic()
    response = service.provision(okta.token("eve@example.com"))
    assert response.status_code == 503, response.text
    assert problem(response) == "database_unavailable"
    assert int(response.headers["Retry-After"]) >= 1
    assert time.monotonic() - began < 15
    assert service.get("/healthz").status_code == 200
    eventually(lambda: service.get("/readyz").status_code == 503, "unreadiness", 20)
    # Who is known is still let in; who is not, is not.
    known = service.authorize(owner)
    assert known.status_code == 200, known.text + service.output()[-3000:]
    unknown = service.authorize(okta.token("stranger@example.com"))
    assert unknown.status_code == 503 and problem(unknown) == "database_unavailable"
    relay.mend()
    eventually(lambda: service.get("/readyz").status_code == 200, "readiness again", 30)
    assert service.provision(okta.token("eve@example.com")).status_code == 403
    assert fresh_database.counts()["auth.users"] == 1


def test_no_stale_principal_where_none_is_allowed(start, fresh_database, host, relay):
    okta = host.issuer(OKTA)
    service = start(relay.url(SERVICE, fresh_database.name), okta, VESTIBULE_MAX_STALE=1, VESTIBULE_PRINCIPAL_TTL=1)
    owner = okta.token("owner@example.com")
    assert service.provision(owner).status_code == 201
    remember(service, owner)
    relay.cut()
    eventually(lambda: service.authorize(owner).status_code == 503, "the end of what is remembered", 15)
    relay.mend()
    eventually(lambda: service.authorize(owner).status_code == 200, "recovery", 20)


def test_it_starts_before_its_database(start, fresh_database, host, relay):
    okta = host.issuer(OKTA)
    relay.cut()
    service = start(relay.url(SERVICE, fresh_database.name), okta, ready=False)
    assert service.get("/healthz").status_code == 200
    assert service.get("/readyz").status_code == 503
    relay.mend()
    eventually(lambda: service.get("/readyz").status_code == 200, "readiness", 30)
    # Ready means that it can do its work.
    assert service.provision(okta.token("ada@example.com")).status_code == 201


def test_ready_means_that_tokens_are_verified(start, fresh_database, host):
    """Never ready before the configured issuers are known: a 401 in that gap would be a lie."""
    okta = host.issuer(OKTA)
    okta.jwks_delay = 0.5
    fresh_database.settle_bootstrap()
    service = start(fresh_database.service_url, okta, ready=False, VESTIBULE_UNPROVISIONED="allow")
    token = okta.token("ada@example.com")
    end = time.monotonic() + 10
    while service.get("/readyz").status_code != 200:
        assert time.monotonic() < end
    assert service.authorize(token).status_code == 200


def test_without_a_provider_it_is_ready_and_says_so(start, fresh_database):
    service = start(fresh_database.service_url)
    response = service.get("/readyz")
    assert response.status_code == 200 and "provider" in response.text


def test_ready_means_that_no_migration_is_pending(start, fresh_database):
    env = {"DATABASE_URL": fresh_database.owner_url}
    assert vestibule("migrate", "down", "1", env=env).returncode == 0
    service = start(fresh_database.service_url, ready=False)
    eventually(lambda: service.get("/readyz").json()["checks"]["keys"]["ok"], "the providers", 20)
    answer = service.get("/readyz")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert answer.json()["status"] == "not ready" and answer.json()["checks"]["database"]["ok"] is True
    assert answer.json()["checks"]["migrations"] == {
        "ok": False, "note": "1 of the schema's migrations are pending; run: vestibule migrate up"}
    migrated(fresh_database)
    assert service.get("/readyz").status_code == 200
    # One that this program does not know is of a newer one, which is migrated for first.
    fresh_database.run("INSERT INTO schema_migrations (version, name, checksum) VALUES ('20991231235959', 'newer', 'x')")
    assert service.get("/readyz").status_code == 200


def test_an_unmigrated_database_is_not_ready(start, okta):
    database = Database()
    try:
        service = start(database.service_url, okta, ready=False)
        assert service.get("/healthz").status_code == 200
        response = service.get("/readyz")
        assert response.status_code == 503 and "migrate" in response.text
        # Nothing is a mistake of ours, or of the caller's: it can be tried again.
        for answer in (service.provision(okta.token("ada@example.com")), service.authorize(okta.token("ada@example.com")),
                       service.get("/profiles/me", okta.token("ada@example.com")),
                       service.request("POST", "/api/v1/core/auth/verify", headers={"X-API-Key": KEY}, json={"token": "x"})):
            assert (answer.status_code, problem(answer)) == (503, "database_unavailable")
        listed = vestibule("keys", "list", env={"DATABASE_URL": database.service_url})
        assert (listed.returncode, listed.stdout) == (3, "") and "migrate up" in listed.stderr
        migrated(database)
        eventually(lambda: service.get("/readyz").status_code == 200, "readiness", 30)
        assert service.provision(okta.token("ada@example.com")).status_code == 201
    finally:
        database.drop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_what_is_in_flight(start, fresh_database, host, number):
    """The request that waits for userinfo gets its answer; new connections are refused; the exit is 0."""
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    gate = threading.Event()
    answer = host.answer

    def slow(path, fields):
        if path.endswith("/userinfo"):
            gate.wait(10)
        return answer(path, fields)

    host.answer = slow
    try:
        results = []
        worker = threading.Thread(
            target=lambda: results.append(service.provision(okta.token("ada@example.com", email=None))))
        worker.start()
        eventually(lambda: b"vestibule_" in service.get("/metrics").content and worker.is_alive(), "the request")
        time.sleep(0.3)
        service.program.send(number)
        eventually(lambda: not accepts(service.port), "the closed port", 5)
        assert service.program.alive()
        gate.set()
        worker.join(20)
        assert results[0].status_code == 201, results[0].text
        assert service.program.wait(20) == 0
    finally:
        gate.set()
        host.answer = answer


def test_idle_connections_do_not_hold_the_end_up(start, fresh_database):
    service = start(fresh_database.service_url)
    idle = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(20)]
    kept = socket.create_connection(("127.0.0.1", service.port))
    kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert kept.recv(4096).startswith(b"HTTP/1.1 200")
    began = time.monotonic()
    service.program.send(signal.SIGTERM)
    assert service.program.wait(27) == 0
    assert time.monotonic() - began < 5
    for connection in [*idle, kept]:
        connection.close()


def test_half_a_request_holds_the_end_up_for_its_deadline_at_most(start, fresh_database):
    service = start(fresh_database.service_url)
    half = socket.create_connection(("127.0.0.1", service.port))
    half.sendall(b"GET /healthz HTTP/1.1\r\nHo")
    service.program.send(signal.SIGTERM)
    assert service.program.wait(27) == 0
    half.close()


def test_requests_during_the_end_are_answered_or_refused_cleanly(start, fresh_database, host):
    """A client that keeps asking never gets half an answer."""
    import httpx
    okta = host.issuer(OKTA)
    service = start(fresh_database.service_url, okta)
    token = okta.token("ada@example.com")
    assert service.provision(token).status_code == 201
    stop, broken, answered = threading.Event(), [], []

    def ask():
        with httpx.Client(base_url=service.origin, trust_env=False) as client:
            while not stop.is_set():
                try:
                    response = client.get("/authorize/nginx", headers={"Authorization": f"Bearer {token}"})
                    answered.append(response.status_code)
                except (httpx.ConnectError, httpx.ReadError, httpx.WriteError):
                    if not accepts(service.port):
                        return
                except httpx.RemoteProtocolError as problem_seen:
                    if "without sending" not in str(problem_seen):
                        broken.append(str(problem_seen))

    workers = [threading.Thread(target=ask) for _ in range(8)]
    for worker in workers:
        worker.start()
    eventually(lambda: len(answered) > 50, "fifty answers")
    service.program.send(signal.SIGTERM)
    code = service.program.wait(27)
    stop.set()
    for worker in workers:
        worker.join(10)
    assert code == 0 and not broken, broken[:3]
    assert set(answered) == {200}


def test_many_slow_clients_do_not_keep_others_waiting(service):
    slow = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    began = time.monotonic()
    for _ in range(20):
        assert service.get("/healthz").status_code == 200
    assert time.monotonic() - began < 5
    for connection in slow:
        connection.close()


def test_a_request_s_line_names_who_asked_in_which_org(start, fresh_database, host):
    okta = host.issuer(OKTA)
    fresh_database.settle_bootstrap()
    org = fresh_database.org("acme")
    fresh_database.invite(org, "ada@example.com")
    service = start(fresh_database.service_url, okta, LOG_LEVEL="debug")
    token = okta.token("ada@example.com")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    user = service.provision(token, headers=headers).json()["data"]["user"]["id"]
    for path in ("/profiles/me", f"/orgs/{org}", f"/orgs/{org}/members", "/orgs"):
        assert service.get(path, token, headers=headers).status_code == 200
    for _ in range(2):
        assert service.authorize(token, headers=headers).status_code == 200
    assert service.authorize(token, headers=headers | {"X-Org-Id": user}).status_code == 403
    assert service.stop() == 0
    lines = [json.loads(line) for line in service.output().splitlines() if '"event":"request"' in line and trace in line]
    assert [line["route"] for line in lines] == [
        "/identities/provision", "/profiles/me", "/orgs/{org_id}", "/orgs/{org_id}/members", "/orgs",
        *["/authorize/nginx"] * 3]
    for line in lines:
        assert {"time", "level", "event", "request_id", "trace_id", "user_id", "route", "status", "duration_us"} <= set(line)
        assert (line["trace_id"], line["user_id"]) == (trace, user)
        assert line.get("tenant_id") == (org if line["status"] != 403 else None)

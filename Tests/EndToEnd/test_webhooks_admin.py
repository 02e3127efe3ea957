"""The record of deliveries: read and replayed by administrators, whole after crashes and outages."""

import json
import threading
import time
import uuid
from contextlib import contextmanager

import psycopg
import pytest

from harness.database import SERVICE, Relay, cluster_url
from harness.people import NOBODY, Person
from harness.programs import eventually
from harness.service import Service, problem
from harness.webhooks import Clerk, Okta, clerk_user, new_secret

SECRET = new_secret()


@pytest.fixture(scope="module")
def service(folder, database, clerk, okta):
    database.settle_bootstrap()
    service = Service(folder, database.service_url, clerk, okta, CLERK_WEBHOOK_SECRET=SECRET, OKTA_WEBHOOK_SECRET="s")
    yield service
    assert service.stop() == 0, service.output()[-4000:]


@pytest.fixture
def sender(service):
    return Clerk(service, SECRET)


@pytest.fixture
def someone(service, database, clerk):
    return Person(service, database, clerk)


@pytest.fixture(scope="module")
def admin(service, database, okta):
    return Person(service, database, okta, global_role="global_admin")


FIELDS = {"id", "provider", "delivery_id", "event_type", "subject", "status", "error", "attempts", "occurred_at", "done_at",
          "created_at"}


def found(admin, message: str) -> dict:
    [row] = [row for row in admin.good("GET", "/admin/webhooks?limit=50") if row["delivery_id"] == message]
    return row


def breaking(database, person):
    """Whoever changes this person's profile fails."""
    database.run(f"""
        CREATE OR REPLACE FUNCTION public.break_it() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'broken on purpose: {person.email}'; END $$;
        DROP TRIGGER IF EXISTS break_it ON public.profiles;
        CREATE TRIGGER break_it BEFORE UPDATE ON public.profiles FOR EACH ROW WHEN (OLD.user_id = '{person.id}')
            EXECUTE FUNCTION public.break_it()""")


def mend(database):
    database.run("DROP TRIGGER break_it ON public.profiles")


def test_administrators_see_what_was_told(sender, admin, clerk, someone):
    subject, message = clerk.subject(someone.email), "msg_" + uuid.uuid4().hex
    sender.done("user.updated", clerk_user(subject, someone.email), message=message)
    row = found(admin, message)
    assert set(row) == FIELDS
    assert (row["provider"], row["event_type"], row["subject"], row["status"], row["attempts"], row["error"]) == (
        "clerk", "user.updated", subject, "done", 1, None)
    assert row["done_at"] and row["occurred_at"]
    whole = admin.good("GET", f"/admin/webhooks/{row['id']}")
    assert set(whole) == FIELDS | {"payload"} and whole["payload"]["data"]["id"] == subject
    assert "private_metadata" not in json.dumps(whole)


def test_the_list_is_filtered_and_paged(sender, service, admin):
    subject = "user_" + uuid.uuid4().hex
    for _ in range(2):
        sender.done("user.created", clerk_user(subject, None))
    Okta(service, "s").done(Okta.event("user.lifecycle.suspend", subject))
    rows = admin.good("GET", f"/admin/webhooks?subject={subject}")
    assert [row["provider"] for row in rows] == ["okta", "clerk", "clerk"]
    for query, count in (("provider=clerk", 2), ("provider=okta", 1), ("event_type=user.created", 2), ("status=done", 3),
                         ("status=failed", 0), ("limit=1&offset=2", 1)):
        assert len(admin.good("GET", f"/admin/webhooks?subject={subject}&{query}")) == count, query
    for query in ("provider=google", "status=lost", "limit=0", "limit=1001"):
        admin.bad("GET", f"/admin/webhooks?{query}", None, 400, "validation_failed")


def test_nobody_else_sees_or_replays(someone, admin, sender, clerk):
    message = "msg_" + uuid.uuid4().hex
    sender.done("user.updated", clerk_user(clerk.subject(someone.email), someone.email), message=message)
    row = found(admin, message)
    for method, path in (("GET", ""), ("GET", f"/{row['id']}"), ("POST", f"/{row['id']}/replay")):
        someone.bad(method, "/admin/webhooks" + path, None, 403, "forbidden")
        assert someone.service.request(method, "/admin/webhooks" + path).status_code == 401
    for name in (NOBODY, "x"):
        admin.bad("GET", f"/admin/webhooks/{name}", None, 404, "not_found")
        admin.bad("POST", f"/admin/webhooks/{name}/replay", None, 404, "not_found")
    admin.bad("POST", f"/admin/webhooks/{row['id']}/replay", {"force": True}, 400, "validation_failed")


def test_the_log_of_sign_ins_tells_why_somebody_was_signed_out(sender, admin, clerk, someone):
    subject, message = clerk.subject(someone.email), "msg_" + uuid.uuid4().hex
    sender.done("session.revoked", {"id": "sess_" + uuid.uuid4().hex, "user_id": subject}, message=message)
    [event] = admin.good("GET", f"/admin/auth-events?user_id={someone.id}&event=webhook")
    assert (event["outcome"], event["provider"], event["issuer"], event["subject"]) == (
        "session.revoked", "clerk", clerk.url, subject)
    assert event["details"] == {"delivery": found(admin, message)["id"]}


def test_what_failed_is_kept_told_and_replayed(sender, database, admin, clerk, someone):
    message = "msg_" + uuid.uuid4().hex
    data = clerk_user(clerk.subject(someone.email), someone.email, first_name="Replayed")
    breaking(database, someone)
    answer = sender.post("user.updated", data, message=message)
    assert answer.status_code == 500 and problem(answer) == "internal_error"
    row = found(admin, message)
    assert row["status"] == "failed" and "SQLSTATE P0001" in row["error"] and someone.email not in row["error"]
    admin.bad("POST", f"/admin/webhooks/{row['id']}/replay", None, 500, "internal_error")
    mend(database)
    after = admin.good("POST", f"/admin/webhooks/{row['id']}/replay")
    assert after["status"] == "done" and after["error"] is None and after["attempts"] == 2 and after["done_at"]
    assert someone.good("GET", "/profiles/me")["first_name"] == "Replayed"
    # The sender comes once more, too late to do harm.
    sender.done("user.updated", data, message=message, outcome="repeated")
    [(actor, details)] = database.rows(
        "SELECT actor_id::text, details FROM audit_log WHERE action = 'webhook_deliveries.replay' AND resource_id = %s",
        row["id"])
    assert actor == admin.id and details == {"provider": "clerk", "event_type": "user.updated"}
    [(actor,)] = database.rows(
        "SELECT actor_id::text FROM audit_log WHERE action = 'profiles.update' AND resource_id = %s", someone.id)
    assert actor == admin.id


def test_what_failed_is_done_when_the_sender_comes_again(sender, database, clerk, someone):
    message = "msg_" + uuid.uuid4().hex
    data = clerk_user(clerk.subject(someone.email), someone.email, first_name="Again")
    breaking(database, someone)
    assert sender.post("user.updated", data, message=message).status_code == 500
    mend(database)
    sender.done("user.updated", data, message=message)
    assert someone.good("GET", "/profiles/me")["first_name"] == "Again"
    assert database.rows("SELECT status, attempts, error FROM webhook_deliveries WHERE delivery_id = %s", message) == [
        ("done", 2, None)]


def test_a_replay_undoes_nothing_newer(sender, service, admin, clerk, someone):
    subject, old = clerk.subject(someone.email), "msg_" + uuid.uuid4().hex
    sender.done("user.updated", clerk_user(subject, someone.email, 60, first_name="Old", banned=True), message=old)
    sender.done("user.updated", clerk_user(subject, someone.email, 30, first_name="New"))
    eventually(lambda: service.authorize(someone.token).status_code == 200, "the way back", 5)
    after = admin.good("POST", f"/admin/webhooks/{found(admin, old)['id']}/replay")
    assert after["status"] == "ignored" and "older" in after["error"]
    assert service.authorize(someone.token).status_code == 200
    assert someone.good("GET", "/profiles/me")["first_name"] == "New"


def test_the_replay_of_security_events_and_of_okta(service, database, admin, okta):
    from test_webhooks_ssf import event_token, iss_sub, push
    person = Person(service, database, okta)
    push(service, event_token(okta, iss_sub(okta, person), jti="replayed", at=time.time() - 5))
    hook = Okta.event("user.session.end", okta.subject(person.email), 5)
    Okta(service, "s").post(hook)
    database.run("DELETE FROM session_revocations WHERE subject = %s", okta.subject(person.email))
    for message in (f"replayed {okta.url}", hook["uuid"]):
        after = admin.good("POST", f"/admin/webhooks/{found(admin, message)['id']}/replay")
        assert after["status"] == "done", after
        assert database.one("SELECT count(*) FROM session_revocations WHERE subject = %s", okta.subject(person.email)) == 1
        database.run("DELETE FROM session_revocations WHERE subject = %s", okta.subject(person.email))


def test_what_was_erased_is_not_replayed(sender, database, admin, clerk, someone):
    message = "msg_" + uuid.uuid4().hex
    sender.done("user.updated", clerk_user(clerk.subject(someone.email), someone.email), message=message)
    database.run("SELECT erase_user(%s)", someone.id)
    row = found(admin, message)
    assert admin.good("GET", f"/admin/webhooks/{row['id']}")["payload"] == {}
    admin.bad("POST", f"/admin/webhooks/{row['id']}/replay", None, 409, "conflict")
    assert database.one("SELECT count(*) FROM provider_people WHERE email = %s", someone.email) == 0


# Crashes and outages.


@contextmanager
def holding(database, person):
    """Nobody else changes the user meanwhile."""
    with psycopg.connect(cluster_url(), dbname=database.name) as connection:
        connection.execute("SELECT FROM auth.users WHERE id = %s FOR UPDATE", [person.id])
        yield


def test_a_crash_between_record_and_effect_loses_nothing(start, database, clerk, someone):
    service = start(database.service_url, clerk, CLERK_WEBHOOK_SECRET=SECRET)
    message = "msg_" + uuid.uuid4().hex
    data = {"id": clerk.subject(someone.email), "deleted": True}
    waiting = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
               " AND query LIKE '%%is_active = false%%'")
    with holding(database, someone):
        # Recorded it is, and waits for the row that its effect is on.
        answers = []

        def deliver():
            try:
                answers.append(Clerk(service, SECRET).post("user.deleted", data, message=message))
            except Exception as problem:
                answers.append(problem)

        thread = threading.Thread(target=deliver)
        thread.start()
        eventually(lambda: database.one(waiting) > 0, "the wait", 10)
        service.program.process.kill()
        service.program.process.wait()
        thread.join()
        assert isinstance(answers[0], Exception), "nothing was acknowledged"
        eventually(lambda: database.one(waiting) == 0, "the end of the transaction", 10)
    assert database.one("SELECT count(*) FROM webhook_deliveries WHERE delivery_id = %s", message) == 0
    assert database.one("SELECT is_active FROM auth.users WHERE id = %s", someone.id) is True
    second = start(database.service_url, clerk, CLERK_WEBHOOK_SECRET=SECRET)
    Clerk(second, SECRET).done("user.deleted", data, message=message)
    assert database.one("SELECT is_active FROM auth.users WHERE id = %s", someone.id) is False


def test_whoever_waits_too_long_is_told_to_come_again(sender, database, clerk, someone):
    message = "msg_" + uuid.uuid4().hex
    data = {"id": clerk.subject(someone.email), "deleted": True}
    with holding(database, someone):
        begun = time.monotonic()
        answer = sender.post("user.deleted", data, message=message)
        assert answer.status_code == 503 and problem(answer) == "database_unavailable"
        assert time.monotonic() - begun < 10
    sender.done("user.deleted", data, message=message)
    assert database.one("SELECT is_active FROM auth.users WHERE id = %s", someone.id) is False


def test_without_the_database_the_sender_is_to_try_again(start, database, clerk, someone):
    relay = Relay()
    try:
        service = start(relay.url(SERVICE, database.name), clerk, CLERK_WEBHOOK_SECRET=SECRET)
        sender = Clerk(service, SECRET)
        message, data = "msg_" + uuid.uuid4().hex, {"id": clerk.subject(someone.email), "deleted": True}
        relay.cut()
        answer = sender.post("user.deleted", data, message=message)
        assert answer.status_code == 503 and problem(answer) in ("database_unavailable", "overloaded")
        relay.mend()
        eventually(lambda: sender.post("user.deleted", data, message=message).status_code == 200, "the delivery", 20)
        assert database.one("SELECT is_active FROM auth.users WHERE id = %s", someone.id) is False
    finally:
        relay.close()


# Secrets that are stored.


def test_a_stored_secret_is_taken_up_and_rotated_without_a_restart(start, fresh_database, host):
    import base64
    fresh_database.settle_bootstrap()
    clerk = host.issuer("clerk")
    service = start(fresh_database.service_url, clerk,
                    VESTIBULE_ENCRYPTION_KEY=base64.b64encode(bytes(range(32))).decode())
    owner = Person(service, fresh_database, clerk, global_role="platform_owner")
    first, second = new_secret(), new_secret()
    for bad in ("", "whsec_", "whsec_short", f"{first},", f"{first},nonsense"):
        owner.bad("PUT", "/admin/idp-config/clerk", {"webhook_secret": bad}, 400, "validation_failed")

    def works(secret: str) -> int:
        return Clerk(service, secret).post("user.created", clerk_user("user_1", None)).status_code

    assert works(first) == 404
    for stored, answers in ((first, (200, 401)), (f"{first}, {second}", (200, 200)), (second, (401, 200))):
        owner.good("PUT", "/admin/idp-config/clerk", {"webhook_secret": stored})
        eventually(lambda: (works(first), works(second)) == answers, stored, 5)
    owner.good("PUT", "/admin/idp-config/clerk", {"webhook_secret": None})
    eventually(lambda: works(second) == 404, "the secret is gone", 5)
    assert first not in service.output() and second not in service.output()


@pytest.mark.parametrize("value", ["whsec_", "whsec_!!", "nonsense", "", new_secret() + ",", new_secret() + ",whsec_AAAA"])
def test_a_bad_secret_stops_the_start(value):
    from harness.service import vestibule
    result = vestibule("config", "check", env={"CLERK_WEBHOOK_SECRET": value, "DATABASE_URL": "postgresql:///x"})
    assert result.returncode == 2 and "CLERK_WEBHOOK_SECRET" in result.stderr, result
    assert value in ("", "whsec_") or value not in result.stderr

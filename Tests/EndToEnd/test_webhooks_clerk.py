"""CONTRACT section 9: POST /webhooks/clerk, signed by the Svix library itself."""

import json
import random
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.issuers import AUTHORIZED_PARTY
from harness.people import Person
from harness.programs import eventually
from harness.service import Service, problem
from harness.webhooks import Clerk, clerk_user, milliseconds, new_secret, svix_headers

#: The last is that of docs/webhooks.md.
SECRET, OTHER, PRINTED = new_secret(), new_secret(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(scope="module")
def service(folder, database, clerk):
    database.settle_bootstrap()
    service = Service(folder, database.service_url, clerk, CLERK_WEBHOOK_SECRET=f"{SECRET},{OTHER},{PRINTED}")
    yield service
    assert service.stop() == 0, service.output()[-4000:]


@pytest.fixture(scope="module")
def twin(folder, database, clerk, service):
    """A second instance of the same."""
    twin = Service(folder, database.service_url, clerk, CLERK_WEBHOOK_SECRET=SECRET)
    yield twin
    twin.stop()


@pytest.fixture
def sender(service):
    return Clerk(service, SECRET)


@pytest.fixture
def someone(service, database, clerk):
    """Somebody with an account."""
    return Person(service, database, clerk)


@pytest.fixture(scope="module")
def admin(service, database, clerk):
    return Person(service, database, clerk, global_role="platform_admin")


def deliveries(database, message: str) -> list:
    return database.rows("SELECT status, attempts FROM webhook_deliveries WHERE delivery_id = %s", message)


def of(clerk, person) -> str:
    return clerk.subject(person.email)


# The signature.


def test_a_signature_of_any_configured_secret_is_good(service, database):
    for secret in (SECRET, OTHER):
        Clerk(service, secret).done("user.created", clerk_user("user_" + uuid.uuid4().hex, None))
    body = json.dumps({"type": "email.created", "data": {"id": "ema_1"}})
    bad = svix_headers(new_secret(), body, "msg_many")
    good = svix_headers(SECRET, body, "msg_many")
    good["svix-signature"] = f"v1a,zzzz {bad['svix-signature']} v2,abc {good['svix-signature']}"
    answer = Clerk(service, SECRET).post("", {}, headers=good, body=body)
    assert answer.status_code == 200 and answer.json()["data"] == {"outcome": "ignored"}
    assert deliveries(database, "msg_many") == [("ignored", 1)]


def test_the_names_of_standard_webhooks_are_understood(service):
    Clerk(service, SECRET).done("user.created", clerk_user("user_" + uuid.uuid4().hex, None), name="webhook")


BODY = json.dumps({"type": "user.deleted", "data": {"id": "user_forged"}, "timestamp": milliseconds()})


def altered(**changes) -> dict:
    headers = svix_headers(SECRET, BODY, "msg_forged") | {
        name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in headers.items() if value is not None}


#: Made when they are sent: their time counts.
BAD_HEADERS = {
    "another secret": lambda: svix_headers(new_secret(), BODY, "msg_forged"),
    "another body": lambda: svix_headers(SECRET, BODY + " ", "msg_forged"),
    "too old": lambda: svix_headers(SECRET, BODY, "msg_forged", ago=310),
    "too new": lambda: svix_headers(SECRET, BODY, "msg_forged", ago=-330),
    "another id": lambda: altered(svix_id="msg_other"),
    "no id": lambda: altered(svix_id=None),
    "no timestamp": lambda: altered(svix_timestamp=None),
    "no signature": lambda: altered(svix_signature=None),
    "empty id": lambda: altered(svix_id=""),
    "empty signature": lambda: altered(svix_signature=""),
    "another timestamp": lambda: altered(svix_timestamp=str(int(time.time()) + 10)),
    "a word": lambda: altered(svix_timestamp="now"),
    "a negative timestamp": lambda: altered(svix_timestamp="-1"),
    "a long timestamp": lambda: altered(svix_timestamp="9" * 30),
    "nothing signed": lambda: altered(svix_signature="v1,"),
    "no comma": lambda: altered(svix_signature="v1"),
    "a part": lambda: altered(svix_signature=good_signature()[:-4]),
    "more": lambda: altered(svix_signature=good_signature() + "A"),
    "another version": lambda: altered(svix_signature=good_signature().replace("v1,", "v2,")),
    "beyond the limit": lambda: altered(svix_signature="v1,x " * 40 + good_signature()),
}


def good_signature() -> str:
    return svix_headers(SECRET, BODY, "msg_forged")["svix-signature"]


@pytest.mark.parametrize("kind", BAD_HEADERS)
def test_a_bad_signature_is_refused_and_leaves_nothing(service, database, kind):
    answer = Clerk(service, SECRET).post("", {}, headers=BAD_HEADERS[kind](), body=BODY)
    assert answer.status_code == 401 and problem(answer) == "webhook_signature_invalid"
    assert database.one("SELECT count(*) FROM webhook_deliveries WHERE subject = 'user_forged'") == 0


def test_a_repeated_header_is_refused(service):
    headers = list(svix_headers(SECRET, BODY, "msg_twice").items())
    answer = service.request("POST", "/webhooks/clerk", headers=headers + [headers[2]], content=BODY.encode())
    assert answer.status_code == 401 and problem(answer) == "webhook_signature_invalid"


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"type": "user.deleted"}', '{"type": "user.deleted", "data": {}}',
                                  '{"type": "user.deleted", "data": {"id": "' + "x" * 256 + '"}}',
                                  '{"type": 1, "data": {}}', '{"type": "a", "type": "b", "data": {}}'])
def test_a_body_that_is_no_event_is_a_bad_request(service, body):
    answer = Clerk(service, SECRET).post("", {}, headers=svix_headers(SECRET, body, "msg_bad"), body=body or " ")
    assert answer.status_code in (400, 401), answer.text
    if body:
        assert problem(answer) == "bad_request"


def test_a_body_that_is_too_large_is_refused(service):
    data = {"id": "user_large", "padding": "x" * (1 << 20)}
    answer = Clerk(service, SECRET).post("user.created", data)
    assert answer.status_code == 413 and problem(answer) == "payload_too_large"


def test_a_large_body_within_the_limit_is_taken_and_not_kept_whole(service, database):
    subject = "user_" + uuid.uuid4().hex
    data = clerk_user(subject, None) | {"unsafe_metadata": {"padding": "x" * 900_000}}
    Clerk(service, SECRET).done("user.created", data)
    kept = database.one("SELECT payload::text FROM webhook_deliveries WHERE subject = %s", subject)
    assert len(kept) < 2000 and "s3cr3t-note" not in kept


def test_without_a_secret_nobody_listens(start, fresh_database, host):
    service = start(fresh_database.service_url, host.issuer("clerk"))
    answer = Clerk(service, SECRET).post("user.deleted", {"id": "user_x"})
    assert answer.status_code == 404 and problem(answer) == "not_found"
    assert "CLERK_WEBHOOK_SECRET" in answer.json()["error"]


# Once.


def test_a_delivery_is_done_once(sender, database, clerk, someone):
    data = clerk_user(of(clerk, someone), someone.email, first_name="Grace", last_name="Hopper")
    sender.done("user.updated", data, message="msg_once")
    assert someone.good("GET", "/profiles/me")["first_name"] == "Grace"
    someone.good("PUT", "/profiles/me", {"first_name": "Mine"})
    for _ in range(3):
        sender.done("user.updated", data, message="msg_once", outcome="repeated")
    assert deliveries(database, "msg_once") == [("done", 4)]
    assert someone.good("GET", "/profiles/me")["first_name"] == "Mine"


def test_duplicates_in_parallel_on_two_instances_are_done_once(service, twin, database, clerk, someone):
    data = clerk_user(of(clerk, someone), someone.email, first_name="Parallel")
    senders = [Clerk(service, SECRET), Clerk(twin, SECRET)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: senders[n % 2].post("user.updated", data, message="msg_par"), range(32)))
    outcomes = [answer.json()["data"]["outcome"] for answer in answers]
    assert outcomes.count("done") == 1 and outcomes.count("repeated") == 31
    assert deliveries(database, "msg_par") == [("done", 32)]
    assert database.one(
        "SELECT count(*) FROM audit_log WHERE action = 'profiles.update' AND resource_id = %s", someone.id) == 1


# What it leads to.


def test_an_older_state_never_overwrites_a_newer_one(sender, clerk, someone):
    subject = of(clerk, someone)
    sender.done("user.updated", clerk_user(subject, someone.email, 10, first_name="Newer"))
    sender.done("user.updated", clerk_user(subject, someone.email, 20, first_name="Older"), outcome="ignored")
    sender.done("user.created", clerk_user(subject, someone.email, 30, first_name="Oldest"), outcome="ignored")
    assert someone.good("GET", "/profiles/me")["first_name"] == "Newer"


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_and_however_often_the_end_is_the_same(service, twin, database, clerk, someone, seed):
    """The newest says what the name is and whether the person may come in, whoever brings it to which instance."""
    chance, subject = random.Random(seed), clerk.subject(someone.email)
    states = [(60 - n, f"Name {n}", chance.random() < 0.5) for n in range(8)]
    told = [("user.updated", clerk_user(subject, someone.email, ago, first_name=name, banned=banned), f"msg_{seed}_{ago}")
            for ago, name, banned in states]
    deliveries = told * 2
    chance.shuffle(deliveries)
    senders = [Clerk(service, SECRET), Clerk(twin, SECRET)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(
            lambda n: senders[n % 2].post(deliveries[n][0], deliveries[n][1], message=deliveries[n][2]),
            range(len(deliveries))))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["data"]["outcome"] == "repeated" for answer in answers) == 8
    _, name, banned = states[-1]
    assert database.rows("SELECT p.first_name, u.is_active FROM profiles p JOIN auth.users u ON u.id = p.user_id"
                         " WHERE u.id = %s", someone.id) == [(name, not banned)]
    for instance in (service, twin):
        eventually(lambda: instance.authorize(someone.token).status_code == (403 if banned else 200), "the end", 5)


def test_a_changed_email_is_taken_over(sender, database, clerk, someone):
    subject, email = of(clerk, someone), f"new-{uuid.uuid4().hex[:8]}@people.example"
    sender.done("user.updated", clerk_user(subject, email, verified="unverified"))
    assert someone.good("GET", "/profiles/me")["email"] == someone.email
    sender.done("user.updated", clerk_user(subject, email))
    assert someone.good("GET", "/profiles/me")["email"] == email
    assert database.rows("SELECT u.email, e.email FROM auth.users u JOIN external_identities e ON e.auth_user_id = u.id"
                         " WHERE u.id = %s", someone.id) == [(email, email)]
    # The next login with the same identity finds the same user.
    answer = someone.service.provision(clerk.token(someone.email))
    assert answer.status_code == 200 and answer.json()["data"]["user"]["id"] == someone.id


def test_an_email_of_somebody_else_is_not_taken_over(service, sender, database, clerk, someone):
    other = Person(service, database, clerk)
    sender.done("user.updated", clerk_user(of(clerk, someone), other.email.upper()), message="msg_taken")
    assert someone.good("GET", "/profiles/me")["email"] == someone.email
    [(status, note)] = database.rows("SELECT status, error FROM webhook_deliveries WHERE delivery_id = 'msg_taken'")
    assert status == "done" and "Somebody else" in note


def test_whoever_is_deleted_there_is_out_everywhere_at_once(sender, service, twin, database, clerk, someone):
    for instance in (service, twin):
        assert instance.authorize(someone.token).status_code == 200
    sender.done("user.deleted", {"id": of(clerk, someone), "object": "user", "deleted": True})
    begun = time.monotonic()
    eventually(lambda: all(i.authorize(someone.token).status_code == 403 for i in (service, twin)), "the revocation", 5)
    assert time.monotonic() - begun < 2, "busy as the machine may be"
    for instance in (service, twin):
        answer = instance.authorize(someone.token)
        assert answer.status_code == 403 and problem(answer) == "user_deactivated"
    assert database.rows("SELECT actor_id, actor_kind, after ->> 'is_active' FROM audit_log WHERE action = 'users.update'"
                         " AND resource_id = %s", someone.id) == [(None, "service", "false")]
    # A late update does not bring them back.
    sender.done("user.updated", clerk_user(of(clerk, someone), someone.email, 5), outcome="ignored")
    assert service.authorize(someone.token).status_code == 403


def test_a_banned_user_comes_back_when_the_ban_is_lifted(sender, service, clerk, someone):
    subject = of(clerk, someone)
    sender.done("user.updated", clerk_user(subject, someone.email, 30, banned=True))
    eventually(lambda: service.authorize(someone.token).status_code == 403, "the ban", 5)
    sender.done("user.updated", clerk_user(subject, someone.email, 40), outcome="ignored")
    assert service.authorize(someone.token).status_code == 403
    sender.done("user.updated", clerk_user(subject, someone.email, 20))
    eventually(lambda: service.authorize(someone.token).status_code == 200, "the way back", 5)


def test_a_lifted_ban_lets_nobody_in_whom_an_administrator_locked_out(sender, service, clerk, someone, admin):
    subject = of(clerk, someone)
    admin.good("DELETE", f"/identities/{someone.id}")
    sender.done("user.updated", clerk_user(subject, someone.email, 30, banned=True))
    sender.done("user.updated", clerk_user(subject, someone.email, 20))
    answer = service.authorize(someone.token)
    assert answer.status_code == 403 and problem(answer) == "user_deactivated"


def test_whoever_was_deleted_there_before_they_came_here_does_not_come_in(sender, service, database, clerk):
    email = f"early-{uuid.uuid4().hex[:8]}@people.example"
    database.invite(database.org("early-" + uuid.uuid4().hex[:8]), email)
    sender.done("user.deleted", {"id": clerk.subject(email), "deleted": True})
    answer = service.provision(clerk.token(email))
    assert answer.status_code == 403 and problem(answer) == "user_deactivated"
    assert database.one("SELECT count(*) FROM auth.users WHERE email = %s", email) == 0


@pytest.mark.parametrize("kind", ["session.revoked", "session.ended", "session.removed"])
def test_a_session_that_ended_there_ends_here(sender, service, twin, clerk, someone, kind):
    session = "sess_" + uuid.uuid4().hex
    token, other = clerk.token(someone.email, sid=session), clerk.token(someone.email)
    ended = someone.service.request("POST", "/profiles/me/login", token).json()["data"]
    assert ended["ended_at"] is None
    assert service.authorize(token).status_code == twin.authorize(token).status_code == 200
    sender.done(kind, {"id": session, "user_id": of(clerk, someone), "status": "revoked"})
    for instance in (service, twin):
        eventually(lambda: instance.authorize(token).status_code == 401, "the end of the session", 5)
        assert problem(instance.authorize(token)) == "token_revoked"
        assert instance.authorize(other).status_code == 200


def membership(clerk, email: str, org: str | None, ago: float = 0) -> dict:
    metadata = {"vestibule_org_id": org} if org else {}
    return {"id": "orgmem_1", "object": "organization_membership", "role": "org:admin", "updated_at": milliseconds(ago),
            "organization": {"id": "org_1", "slug": "x", "public_metadata": metadata},
            "public_user_data": {"user_id": clerk.subject(email), "identifier": email}}


def orgs(person) -> list:
    return [org["id"] for org in person.good("GET", "/orgs")]


def test_a_membership_there_is_one_here_where_the_organization_says_so(sender, database, clerk, someone):
    org = database.org("theirs-" + uuid.uuid4().hex[:8])
    sender.done("organizationMembership.created", membership(clerk, someone.email, None), outcome="ignored")
    assert org not in orgs(someone)
    sender.done("organizationMembership.created", membership(clerk, someone.email, org, 30))
    eventually(lambda: org in orgs(someone), "the membership", 5)
    assert database.one("SELECT role FROM org_members WHERE org_id = %s AND user_id = %s", org, someone.id) == "org_user"
    # Deleting tells its own moment in the event's timestamp only.
    sender.done("organizationMembership.deleted", membership(clerk, someone.email, org, 30), ago=20)
    eventually(lambda: org not in orgs(someone), "its end", 5)
    sender.done("organizationMembership.updated", membership(clerk, someone.email, org, 25), outcome="ignored")
    assert org not in orgs(someone)
    sender.done("organizationMembership.created", membership(clerk, someone.email, org, 10))
    eventually(lambda: org in orgs(someone), "the second membership", 5)


def test_a_membership_that_was_made_here_stays(sender, database, clerk, someone):
    org = database.org("ours-" + uuid.uuid4().hex[:8])
    database.run("INSERT INTO org_members (org_id, user_id, role) VALUES (%s, %s, 'org_admin')", org, someone.id)
    sender.done("organizationMembership.created", membership(clerk, someone.email, org, 30))
    sender.done("organizationMembership.deleted", membership(clerk, someone.email, org, 30), ago=20)
    assert database.one("SELECT role FROM org_members WHERE org_id = %s AND user_id = %s", org, someone.id) == "org_admin"


def test_a_membership_told_before_the_first_login_waits_for_it(sender, service, database, clerk):
    org, home = (database.org(f"wait-{uuid.uuid4().hex[:8]}") for _ in range(2))
    email = f"wait-{uuid.uuid4().hex[:8]}@people.example"
    sender.done("organizationMembership.created", membership(clerk, email, org))
    database.invite(home, email)
    answer = service.provision(clerk.token(email))
    assert answer.status_code == 201
    assert {o["org_id"]: o["role"] for o in answer.json()["data"]["organizations"]} == {org: "org_user", home: "org_user"}


# The stored e-mail.


def test_a_stored_webhook_gives_the_email_that_the_token_lacks(sender, service, database, clerk):
    email = f"stored-{uuid.uuid4().hex[:8]}@people.example"
    database.invite(database.org("stored-" + uuid.uuid4().hex[:8]), email)
    subject = clerk.subject(email)
    clerk.people.pop(subject, None)
    token = clerk.token(email, email=None, email_verified=None)
    clerk.people.pop(subject, None)
    answer = service.provision(token)
    assert answer.status_code == 403 and problem(answer) == "email_missing"
    asked = clerk.backend_calls
    sender.done("user.created", clerk_user(subject, email))
    # The refusal was remembered, and the webhook makes it forgotten.
    answer = eventually(lambda: (a := service.provision(token)).status_code == 201 and a, "the way in", 5)
    data = answer.json()["data"]
    assert data["user"]["email"] == email and data["decision"]["outcome"] == "invite"
    assert (data["profile"]["first_name"], data["profile"]["last_name"]) == ("Ada", "Lovelace")
    assert clerk.backend_calls == asked


def test_what_is_not_said_of_addresses_takes_none_away(sender, service, database, clerk):
    email = f"kept-{uuid.uuid4().hex[:8]}@people.example"
    database.invite(database.org("kept-" + uuid.uuid4().hex[:8]), email)
    subject = clerk.subject(email)
    token = clerk.token(email, email=None, email_verified=None)
    del clerk.people[subject]
    sender.done("user.created", clerk_user(subject, email, 20))
    sender.done("user.updated", {"id": subject, "first_name": "Kept", "updated_at": milliseconds(10)})
    data = service.provision(token).json()["data"]
    assert (data["user"]["email"], data["profile"]["first_name"]) == (email, "Kept")
    gone = clerk.subject("gone-" + email)
    sender.done("user.created", clerk_user(gone, "gone-" + email, 20))
    sender.done("user.updated", clerk_user(gone, None, 10))
    assert database.one("SELECT email FROM provider_people WHERE external_id = %s", gone) is None


def test_a_stored_email_that_was_not_verified_lets_nobody_in_and_the_provider_is_asked(sender, service, database, clerk):
    email = f"open-{uuid.uuid4().hex[:8]}@people.example"
    database.invite(database.org("open-" + uuid.uuid4().hex[:8]), email)
    sender.done("user.created", clerk_user(clerk.subject(email), email, verified="unverified"))
    token = clerk.token(email, email=None, email_verified=None)
    clerk.people[clerk.subject(email)]["email_verified"] = False
    answer = service.provision(token)
    assert answer.status_code == 403 and problem(answer) == "email_unverified"
    clerk.people[clerk.subject(email)]["email_verified"] = True
    assert service.provision(token).status_code == 201


def counts(service) -> dict:
    return {outcome: int(count) for outcome, count in re.findall(
        r'vestibule_webhooks_total\{sender="clerk",outcome="(\w+)"\} (\d+)', service.get("/metrics").text)}


def test_deliveries_are_counted(sender, service):
    before = counts(service)
    assert set(before) == {"done", "ignored", "repeated", "refused", "failed"}
    data = clerk_user("user_" + uuid.uuid4().hex, None)
    sender.done("user.created", data, message="msg_counted")
    sender.done("user.created", data, message="msg_counted", outcome="repeated")
    sender.done("email.created", data, outcome="ignored")
    Clerk(service, new_secret()).post("user.created", data)
    after = counts(service)
    assert {name: after[name] - before[name] for name in after} == {
        "done": 1, "repeated": 1, "ignored": 1, "refused": 1, "failed": 0}


# Nothing personal in the log.


def test_the_log_holds_neither_people_nor_secrets(sender, service, clerk, someone):
    sender.done("user.updated", clerk_user(of(clerk, someone), someone.email, first_name="Zebulon"))
    text = service.output()
    assert "user.updated" in text
    for hidden in (someone.email, "Zebulon", SECRET, OTHER, SECRET.removeprefix("whsec_"), AUTHORIZED_PARTY + "/x"):
        assert hidden not in text
